import { type Command, InvalidArgumentError } from 'commander';
import { itemsOf } from '../../client/page.ts';
import type { DeliveryAttempt, Subscription, SubscriptionFields } from '../../client/subscriptions.ts';
import type { Filter } from '../../shared/contract/filter.ts';
import type { DeliveryFormat, From } from '../../shared/contract/subscription.ts';
import { collect, nameArgument, timeMs, wholeNumber } from '../arguments.ts';
import { usageError } from '../cli-error.ts';
import { collectItems } from '../collect-items.ts';
import { confirm } from '../confirm.ts';
import { connect, globalOptions } from '../connection/connect.ts';
import { showList, showOne } from '../output/show.ts';
import { note } from '../output/write.ts';

interface Options {
  readonly topic?: string;
  readonly endpoint?: string;
  readonly header?: readonly string[];
  readonly from?: From;
  readonly filter?: Filter;
  readonly format?: DeliveryFormat;
  readonly deadLetterTopic?: string;
  readonly maxInFlight?: number;
  readonly maxAttempts?: number;
  readonly timeoutMs?: number;
}

const fromText = (text: string): From => (text === 'earliest' || text === 'latest' ? text : timeMs(text));

const filterText = (text: string): Filter => {
  try {
    return JSON.parse(text) as Filter;
  } catch {
    throw new InvalidArgumentError('It is JSON, such as {"prefix":{"key":"eu-"}}.');
  }
};

const headersOf = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':');
      if (at < 1) throw usageError(`"${line}" is not a header. Write it as NAME: VALUE.`);
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );

const endpointOf = ({ endpoint, header }: Options): Pick<SubscriptionFields, 'endpoint'> => {
  const headers = header === undefined ? {} : { headers: headersOf(header) };
  if (endpoint !== undefined) return { endpoint: { url: endpoint, ...headers } };
  if (header !== undefined) throw usageError('--header goes with --endpoint, also where that stays the same.');
  return {};
};

const fieldsOf = (options: Options): SubscriptionFields => {
  const { endpoint: _url, header: _lines, maxAttempts, timeoutMs, ...same } = options;
  const retry = {
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
  return {
    ...same,
    ...endpointOf(options),
    ...(Object.keys(retry).length === 0 ? {} : { retry }),
  };
};

const list = async (_options: object, command: Command): Promise<void> => {
  const { subscriptions } = connect(command);
  const items = await collectItems(itemsOf((query) => subscriptions.list(query)));
  const columns = [
    { title: 'SUBSCRIPTION', cell: ({ id }: Subscription) => id },
    { title: 'STATUS', cell: ({ status }: Subscription) => status },
    { title: 'TOPIC', cell: ({ topic }: Subscription) => topic },
    { title: 'ENDPOINT', cell: ({ endpoint }: Subscription) => endpoint.url },
  ];
  await showList(items, columns, globalOptions(command));
};

const show = (subscription: Subscription, command: Command): Promise<void> => {
  const form = globalOptions(command);
  if (form.json) return showOne(subscription, form);
  const { endpoint, retry, batch, filter, ...plain } = subscription;
  const shown = {
    ...plain,
    endpoint: endpoint.url,
    filter: filter === null ? null : JSON.stringify(filter),
    batch: batch === null ? null : `${batch.maxRecords} records, ${batch.maxWaitMs} ms`,
    retry: `${retry.maxAttempts ?? 'unbounded'} tries, ${retry.timeoutMs} ms each`,
  };
  return showOne(shown, form);
};

const put = async (id: string, options: Options, command: Command): Promise<void> => {
  const { created, secret, ...subscription } = await connect(command).subscriptions.put(id, fieldsOf(options));
  if (secret === undefined) {
    note(created ? '' : `${id} was there already.`);
    return show(subscription, command);
  }
  const form = globalOptions(command);
  if (form.json) return showOne({ ...subscription, secret: secret.reveal() }, form);
  await show(subscription, command);
  note(`Its secret, shown this once: ${secret.reveal()}`);
};

const rotate = async (id: string, _options: object, command: Command): Promise<void> => {
  const { secret } = await connect(command).subscriptions.rotateSecret(id);
  const form = globalOptions(command);
  if (!form.json) note('The secret is shown this once; the one before it signs for 24 hours more.');
  await showOne({ id, secret: secret?.reveal() ?? '' }, form);
};

const attempts = async (id: string, { limit }: { readonly limit: number }, command: Command): Promise<void> => {
  const { data } = await connect(command).subscriptions.attempts(id, { limit });
  const columns = [
    { title: 'TIME', cell: ({ time }: DeliveryAttempt) => time },
    { title: 'PARTITION', isNumber: true, cell: ({ partition }: DeliveryAttempt) => String(partition) },
    { title: 'OFFSET', isNumber: true, cell: ({ offset }: DeliveryAttempt) => String(offset) },
    { title: 'TRY', isNumber: true, cell: ({ attempt }: DeliveryAttempt) => String(attempt) },
    { title: 'OUTCOME', cell: ({ outcome }: DeliveryAttempt) => outcome },
    { title: 'STATUS', cell: ({ status, error }: DeliveryAttempt) => String(status ?? error) },
    { title: 'MS', isNumber: true, cell: ({ durationMs }: DeliveryAttempt) => String(durationMs) },
    { title: 'NEXT TRY', cell: ({ nextTryAt }: DeliveryAttempt) => nextTryAt ?? '-' },
  ];
  await showList(data, columns, globalOptions(command));
};

const remove = async (id: string, options: { readonly yes?: boolean }, command: Command): Promise<void> => {
  const { subscriptions } = connect(command);
  await confirm(`Delete the subscription ${id}?`, options);
  await subscriptions.delete(id);
};

type Act = 'get' | 'pause' | 'resume';

const acting =
  (act: Act) =>
  async (id: string, _options: object, command: Command): Promise<void> =>
    show(await connect(command).subscriptions[act](id), command);

const test = async (id: string, _options: object, command: Command): Promise<void> =>
  showOne(await connect(command).subscriptions.test(id), globalOptions(command));

const replay = async (id: string, { from }: { readonly from: From }, command: Command): Promise<void> =>
  show(await connect(command).subscriptions.replay(id, from), command);

const addPut = (subscriptions: Command): void => {
  subscriptions
    .command('put')
    .description('make one and show its secret this once, or change it')
    .argument('<id>', 'a name of your choice', nameArgument)
    .option('--topic <topic>', 'what is delivered', nameArgument)
    .option('--endpoint <url>', 'where to')
    .option('--header <line>', 'sent along, as NAME: VALUE; may be repeated', collect)
    .option('--from <place>', 'earliest, latest or a time', fromText)
    .option('--filter <json>', 'such as {"prefix":{"key":"eu-"}}', filterText)
    .option('--format <format>', 'cloudevents, cloudevents-structured or raw')
    .option('--dead-letter-topic <topic>', 'takes what is refused for good', nameArgument)
    .option('--max-in-flight <n>', 'at once, for each partition; order by key from 2 on', wholeNumber(1))
    .option('--max-attempts <n>', 'tries in all', wholeNumber(1))
    .option('--timeout-ms <ms>', 'of one try', wholeNumber(100))
    .action(put);
};

export const addSubscriptions = (program: Command): void => {
  const subscriptions = program.command('subscriptions').description('push: records delivered to an endpoint');
  const one = (name: string, description: string): Command =>
    subscriptions.command(name).description(description).argument('<id>', 'the subscription', nameArgument);
  subscriptions.command('list').description('list them').action(list);
  addPut(subscriptions);
  one('get', 'show one').action(acting('get'));
  one('pause', 'stop deliveries for now').action(acting('pause'));
  one('resume', 'go on where they stopped').action(acting('resume'));
  one('test', 'send a signed sample').action(test);
  one('attempts', 'show what was tried, the newest first')
    .option('--limit <n>', 'how many', wholeNumber(1), 100)
    .action(attempts);
  one('replay', 'deliver again')
    .requiredOption('--from <place>', 'earliest, latest or a time', fromText)
    .action(replay);
  one('rotate-secret', 'give one a new secret and show it, this once').action(rotate);
  one('delete', 'delete one').option('--yes', 'do not ask').action(remove);
};
