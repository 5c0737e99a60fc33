import { ChasquiError, invalidField } from '../contract/errors.ts';
import type { SubscriptionId, TenantId, TopicName } from '../contract/ids.ts';
import { SUBSCRIPTION_DEFAULTS } from '../contract/limits.ts';
import type { From } from '../contract/subscription.ts';
import { findTopic } from '../log/find-topic.ts';
import type { Attempt, Subscription } from '../ports/subscription-store.ts';
import { type ListPage, type ListQuery, listPage } from '../tenancy/list-page.ts';
import type { TenantPrincipal } from '../tenancy/principal.ts';
import { retryConditional } from '../tenancy/retry-conditional.ts';
import { opensTopic } from '../tenancy/scopes.ts';
import { revised } from './pause-subscription.ts';
import type { PushPorts } from './push-ports.ts';
import { newSecret, sealSecret, withNewSecret } from './secrets.ts';
import { isSettled, refuseToMove, type Settings, settle } from './settings.ts';
import { startOffsets } from './start-offsets.ts';

type Caller = Pick<TenantPrincipal, 'tenant' | 'scopes'>;

/** A subscription and, where one was made just now, its secret. */
export interface WithSecret {
  readonly subscription: Subscription;
  readonly secret: string | undefined;
}

const gone = (): ChasquiError => new ChasquiError('subscription_not_found', 'There is no subscription of this id.');

export const maySee = ({ scopes }: Caller, topic: string): boolean => opensTopic(scopes, ['subscribe'], topic);

/** By name, before it is known whether anything exists. */
const refuseOutOfScope = ({ scopes }: Caller, { topic, deadLetterTopic }: Settings): void => {
  if (topic !== undefined && !opensTopic(scopes, ['subscribe'], topic)) {
    throw new ChasquiError('forbidden', 'The key lacks subscribe on this topic.');
  }
  if (deadLetterTopic !== undefined && !opensTopic(scopes, ['produce'], deadLetterTopic)) {
    throw new ChasquiError('forbidden', 'The key lacks produce on the dead-letter topic.');
  }
};

/** To whoever may not see its topic it does not exist. @throws {ChasquiError} `subscription_not_found` */
export const findSubscription = async (
  { subscriptions }: Pick<PushPorts, 'subscriptions'>,
  caller: Caller,
  id: SubscriptionId,
): Promise<Subscription> => {
  const found = await subscriptions.get(caller.tenant, id);
  if (found === undefined || !maySee(caller, found.topic)) throw gone();
  return found;
};

const refuseEndpoint = async (ports: PushPorts, { endpoint }: Settings): Promise<void> => {
  if (endpoint === undefined) return;
  const fault = await ports.webhooks.inspect(endpoint.url);
  if (fault !== undefined) throw invalidField('endpoint.url', fault);
};

/** It is there, and is another one. */
const refuseDeadLetters = async (
  ports: PushPorts,
  tenant: TenantId,
  topic: string,
  { deadLetterTopic }: Settings,
): Promise<void> => {
  if (deadLetterTopic === undefined) return;
  if (deadLetterTopic === topic)
    throw invalidField('deadLetterTopic', 'must be another topic than the one subscribed to');
  await findTopic(ports, tenant, deadLetterTopic as TopicName);
};

const create = async (
  ports: PushPorts,
  { tenant }: Caller,
  id: SubscriptionId,
  given: Settings,
): Promise<WithSecret | undefined> => {
  if (given.topic === undefined) throw invalidField('topic', 'is required');
  const settled = settle(given, {});
  const topic = await findTopic(ports, tenant, given.topic as TopicName);
  await refuseDeadLetters(ports, tenant, topic.name, given);
  const from: From = given.from ?? SUBSCRIPTION_DEFAULTS.from;
  const uid = ports.random.uuid();
  const secret = newSecret(ports.random);
  const now = ports.clock.now();
  const createdAt = new Date(now).toISOString();
  const subscription: Subscription = {
    id,
    uid,
    revision: 1,
    topic: topic.name,
    topicId: topic.id,
    ...settled,
    from,
    status: 'active',
    secrets: [sealSecret(ports.vault, tenant, uid, secret)],
    epoch: 1,
    startOffsets: await startOffsets(ports, tenant, topic, from),
    forgivenAt: now,
    createdAt,
    updatedAt: createdAt,
  };
  return (await ports.subscriptions.create(tenant, subscription)) ? { subscription, secret } : undefined;
};

const update = async (
  ports: PushPorts,
  { tenant }: Caller,
  seen: Subscription,
  given: Settings,
): Promise<WithSecret | undefined> => {
  refuseToMove(given, seen);
  await refuseDeadLetters(ports, tenant, seen.topic, given);
  const settled = settle(given, seen);
  if (isSettled(seen, settled)) return { subscription: seen, secret: undefined };
  const now = ports.clock.now();
  // Another address gets another chance at once.
  const moved = settled.endpoint.url !== seen.endpoint.url;
  const next = revised(seen, { ...settled, ...(moved ? { forgivenAt: now } : {}) }, now);
  return (await ports.subscriptions.replace(tenant, seen, next))
    ? { subscription: next, secret: undefined }
    : undefined;
};

/** Creates the subscription, or updates it. @throws {ChasquiError} `invalid_request`, `forbidden`, `topic_not_found`, `conflict` */
export const putSubscription = async (
  ports: PushPorts,
  caller: Caller,
  id: SubscriptionId,
  given: Settings,
): Promise<WithSecret> => {
  refuseOutOfScope(caller, given);
  await refuseEndpoint(ports, given);
  return retryConditional(async () => {
    const seen = await ports.subscriptions.get(caller.tenant, id);
    if (seen === undefined) return create(ports, caller, id, given);
    if (!maySee(caller, seen.topic)) throw new ChasquiError('forbidden', 'The key lacks subscribe on its topic.');
    return update(ports, caller, seen, given);
  });
};

/** @throws {ChasquiError} `invalid_request`, `forbidden`, `subscription_not_found`, `topic_not_found`, `conflict` */
export const patchSubscription = async (
  ports: PushPorts,
  caller: Caller,
  id: SubscriptionId,
  given: Settings,
): Promise<WithSecret> => {
  refuseOutOfScope(caller, given);
  await refuseEndpoint(ports, given);
  return retryConditional(async () => update(ports, caller, await findSubscription(ports, caller, id), given));
};

/** @throws {ChasquiError} `subscription_not_found` */
export const deleteSubscription = async (ports: PushPorts, caller: Caller, id: SubscriptionId): Promise<void> => {
  const found = await findSubscription(ports, caller, id);
  if (!(await ports.subscriptions.remove(caller.tenant, found))) throw gone();
};

const change = (
  ports: PushPorts,
  caller: Caller,
  id: SubscriptionId,
  changed: (seen: Subscription, now: number) => Promise<Partial<Subscription>>,
): Promise<Subscription> =>
  retryConditional(async () => {
    const seen = await findSubscription(ports, caller, id);
    const now = ports.clock.now();
    const next = revised(seen, await changed(seen, now), now);
    return (await ports.subscriptions.replace(caller.tenant, seen, next)) ? next : undefined;
  });

/** @throws {ChasquiError} `subscription_not_found` */
export const pauseSubscription = (ports: PushPorts, caller: Caller, id: SubscriptionId): Promise<Subscription> =>
  change(ports, caller, id, async () => ({ status: 'paused', statusReason: 'Paused by request.' }));

/** A topic that was made again under its name is read from its beginning. @throws {ChasquiError} `subscription_not_found`, `topic_not_found` */
export const resumeSubscription = (ports: PushPorts, caller: Caller, id: SubscriptionId): Promise<Subscription> =>
  change(ports, caller, id, async ({ topic: name, topicId, status, epoch, forgivenAt }, now) => {
    const topic = await findTopic(ports, caller.tenant, name);
    const startOffsets = Array.from({ length: topic.partitions }, () => 0);
    const anew = topic.id === topicId ? {} : { topicId: topic.id, epoch: epoch + 1, startOffsets };
    return { status: 'active', statusReason: '', forgivenAt: status === 'paused' ? now : forgivenAt, ...anew };
  });

/** @throws {ChasquiError} `subscription_not_found`, `topic_not_found` */
export const replaySubscription = (
  ports: PushPorts,
  caller: Caller,
  id: SubscriptionId,
  from: From,
): Promise<Subscription> =>
  change(ports, caller, id, async (seen, now) => {
    const topic = await findTopic(ports, caller.tenant, seen.topic);
    return {
      topicId: topic.id,
      epoch: seen.epoch + 1,
      startOffsets: await startOffsets(ports, caller.tenant, topic, from),
      forgivenAt: now,
    };
  });

/** @throws {ChasquiError} `subscription_not_found` */
export const rotateSecret = async (ports: PushPorts, caller: Caller, id: SubscriptionId): Promise<WithSecret> => {
  const secret = newSecret(ports.random);
  const subscription = await change(ports, caller, id, async ({ uid, secrets }, now) => ({
    secrets: withNewSecret(secrets, sealSecret(ports.vault, caller.tenant, uid, secret), now),
  }));
  return { subscription, secret };
};

/** Those to topics that the caller may see. @throws {ChasquiError} `invalid_cursor` */
export const listSubscriptions = (
  { subscriptions }: Pick<PushPorts, 'subscriptions'>,
  caller: Caller,
  query: ListQuery,
): Promise<ListPage<Subscription>> =>
  listPage(
    {
      list: `subscriptions of ${caller.tenant}`,
      read: (page) => subscriptions.list(caller.tenant, page),
      nameOf: ({ id }) => id,
      visible: ({ topic }) => maySee(caller, topic),
    },
    query,
  );

/** The newest first. @throws {ChasquiError} `subscription_not_found`, `invalid_cursor` */
export const listAttempts = (
  ports: Pick<PushPorts, 'subscriptions'>,
  caller: Caller,
  id: SubscriptionId,
  query: ListQuery,
): Promise<ListPage<Attempt>> =>
  listPage(
    {
      list: `attempts of ${caller.tenant}/${id}`,
      read: async ({ after, limit }) => {
        const { uid } = await findSubscription(ports, caller, id);
        return ports.subscriptions.attempts(caller.tenant, uid, {
          limit,
          ...(after === undefined ? {} : { before: after }),
        });
      },
      nameOf: (attempt) => attempt.id,
      visible: () => true,
    },
    query,
  );
