/**
 * `npm run bench:aws`: the critical path of a request in AWS. The log runs here as functions wire it, against DynamoDB Local; each of
 * its calls takes what AWS takes for it (bench/aws/latency-model.ts, lognormal, seeded), in a time that stands still while this machine
 * works. Writes the table of docs/performance.md.
 */
import { execFileSync } from 'node:child_process';
import { v7 } from 'uuid';
import type { TenantId, TopicId, TopicName } from '../../shared/contract/ids.ts';
import type { Topic } from '../../shared/contract/topic.ts';
import { fetchPartition } from '../../shared/log/fetch-partition.ts';
import { placeNow, produce } from '../../shared/log/produce.ts';
import { publish } from '../publish.ts';
import { LATENCIES } from './latency-model.ts';
import { type LogOnAws, openLogOnAws } from './log-on-aws.ts';

const SAMPLES = 500;
const SEED = 20_261_123;
const TENANT = 'bench' as TenantId;
const INLINE = Buffer.alloc(1000);
const LARGE = Buffer.alloc(8000);
const NOTHING = { bytes: 0, add: () => undefined, undo: () => undefined };

interface Row {
  readonly name: string;
  readonly calls: string;
  readonly p50: number;
  readonly p99: number;
}

const dynamoDbLocal = (script: 'start' | 'stop'): string =>
  execFileSync(process.execPath, [`scripts/aws/${script}.mjs`, '--only=dynamodb-local'], { encoding: 'utf8' });

const endpointOf = (): string => /http:\/\/\S+/.exec(dynamoDbLocal('start'))?.[0] ?? '';

/** Mulberry32 (Tommy Ettinger). */
const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const makeTopic = async ({ offsets, time }: LogOnAws, replicationFactor: number): Promise<Topic> => {
  const id = v7() as TopicId;
  const settings = { partitions: 1, retentionMs: -1, retentionBytes: -1, cleanupPolicy: 'delete' } as const;
  const copies = { replicationFactor, writeQuorum: Math.min(replicationFactor, 2) };
  await time.measure(() => offsets.createPartitions(TENANT, id, 0, 1));
  return { name: 'bench' as TopicName, id, ...settings, ...copies, createdAt: new Date(0).toISOString() };
};

const produceTo = (log: LogOnAws, topic: Topic, value: Buffer) => () => {
  const records = [{ key: null, value, valueFormat: 0, headers: [] }] as const;
  return produce(log, { tenant: TENANT, topic, records: [...records], placement: placeNow(log, topic) });
};

/** Of the record that was stored last: what a consumer asks for that follows the log. */
const fetchLast = (log: LogOnAws, topic: Topic) => {
  let offset = -1;
  return () => {
    offset += 1;
    const call = { tenant: TENANT, ref: { topicId: topic.id, partition: 0 }, waitMs: 0 };
    const bounds = { records: 10, bytes: 1e6 };
    return fetchPartition(log, { ...call, start: { kind: 'offset', offset }, bounds }, NOTHING);
  };
};

/** The calls of one request: `PutItem + UpdateItem`. */
const named = (calls: readonly string[]): string =>
  [...new Set(calls)]
    .map((name) => [calls.filter((other) => other === name).length, name] as const)
    .map(([count, name]) => (count === 1 ? name : `${count} ${name}`))
    .join(' + ');

const percentile = (sorted: readonly number[], share: number): number => sorted[Math.floor(share * sorted.length)] ?? 0;

/** One request after the other, as an instance of a function has them. `before` is not measured. */
const measure = async (
  log: LogOnAws,
  name: string,
  perform: () => Promise<unknown>,
  before?: () => Promise<unknown>,
): Promise<Row> => {
  const times: number[] = [];
  const seen = new Map<string, number>();
  for (let at = 0; at < SAMPLES; at += 1) {
    if (before !== undefined) await log.time.measure(before);
    // What a request left to do, such as the slowest copy or a seal, is done before the next one.
    await log.time.measure(() => Promise.all([log.groupCommit.idle(), log.time.sleep(500)]));
    log.calls.length = 0;
    times.push(await log.time.measure(perform));
    const calls = named(log.calls);
    seen.set(calls, (seen.get(calls) ?? 0) + 1);
  }
  times.sort((a, b) => a - b);
  const [[calls] = ['']] = [...seen].sort(([, a], [, b]) => b - a);
  return { name, calls, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
};

const measureAll = async (log: LogOnAws): Promise<Row[]> => {
  const [small, regional, zonal] = [await makeTopic(log, 1), await makeTopic(log, 1), await makeTopic(log, 3)];
  const [tail, zonalTail] = [await makeTopic(log, 1), await makeTopic(log, 3)];
  return [
    await measure(log, 'produce 1 KB, inline', produceTo(log, small, INLINE)),
    await measure(log, 'produce 8 KB, regional bucket', produceTo(log, regional, LARGE)),
    await measure(log, 'produce 8 KB, zonal, 2 of 3', produceTo(log, zonal, LARGE)),
    await measure(log, 'fetch the newest 1 KB, inline', fetchLast(log, tail), produceTo(log, tail, INLINE)),
    await measure(log, 'fetch the newest 8 KB, zonal', fetchLast(log, zonalTail), produceTo(log, zonalTail, LARGE)),
  ];
};

const toMarkdown = (rows: readonly Row[]): string => {
  const taken = Object.entries(LATENCIES).map(([name, { p50, p99 }]) => `${name} ${p50} / ${p99}`);
  return [
    `Each call, p50 / p99 in ms: ${taken.join(', ')}. ${SAMPLES} requests each, one after the other.`,
    '',
    '| request | calls | p50 ms | p99 ms |',
    '| --- | --- | ---: | ---: |',
    ...rows.map(({ name, calls, p50, p99 }) => `| ${name} | ${calls} | ${p50.toFixed(0)} | ${p99.toFixed(0)} |`),
  ].join('\n');
};

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
try {
  const log = await openLogOnAws(endpointOf(), seeded(SEED));
  const markdown = toMarkdown(await measureAll(log));
  log.close();
  console.log(markdown);
  publish('bench-aws', markdown);
} finally {
  dynamoDbLocal('stop');
}
