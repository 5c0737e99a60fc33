import type { TenantId, TopicName } from '../contract/ids.ts';
import type { Topic } from '../contract/topic.ts';
import type { Ports } from '../ports/ports.ts';
import type { NamePage } from '../ports/topic-registry.ts';

const BATCH = 100;

async function* inPages<Item>(
  list: (page: NamePage) => Promise<Item[]>,
  nameOf: (item: Item) => string,
  behind: string | undefined,
): AsyncGenerator<Item> {
  for (let after = behind; ; ) {
    const page = await list({ ...(after === undefined ? {} : { after }), limit: BATCH });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < BATCH) return;
    after = nameOf(last);
  }
}

async function* topicsOf({ topics }: Pick<Ports, 'topics'>, tenant: TenantId, from?: TopicName): AsyncGenerator<Topic> {
  const first = from === undefined ? undefined : await topics.get(tenant, from);
  if (first !== undefined) yield first;
  yield* inPages(
    (page) => topics.list(tenant, page),
    ({ name }) => name,
    from,
  );
}

/** Every topic of every tenant, for the operator's own work; `from` and those behind it, by tenant and name. */
export async function* everyTopic(
  ports: Pick<Ports, 'topics' | 'tenants'>,
  from?: { readonly tenant: TenantId; readonly topic: TopicName },
): AsyncGenerator<readonly [TenantId, Topic]> {
  if (from !== undefined)
    for await (const topic of topicsOf(ports, from.tenant, from.topic)) yield [from.tenant, topic];
  const tenants = inPages(
    (page) => ports.tenants.list(page),
    ({ id }) => id,
    from?.tenant,
  );
  for await (const { id } of tenants) for await (const topic of topicsOf(ports, id)) yield [id, topic];
}
