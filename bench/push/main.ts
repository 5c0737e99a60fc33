/**
 * `npm run bench:push`: webhooks of the embedded server to endpoints on loopback, in the process that measures. How many it delivers,
 * whether a slow endpoint slows another, and how long a record takes to a webhook and to a waiting poll. Writes its part of
 * docs/performance.md. `--profile n`: one shape alone, and where the server's time goes; nothing is written.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, startBus } from '../bus.ts';
import { machine } from '../machine.ts';
import { printProfile } from '../print-profile.ts';
import { publish } from '../publish.ts';
import { divide, median } from '../statistics.ts';
import { bareRate } from './bare-client.ts';
import { measureLatencies } from './latency.ts';
import { measureNeighbours } from './neighbour.ts';
import { type Inbox, PushReceiver } from './receiver.ts';
import { type Row, toMarkdown } from './report.ts';
import { drain, fillTopic, type Shape, type Throughput } from './throughput.ts';

const ROUNDS = 3;
const SAMPLES = 500;
const SETTINGS = { CHASQUI_ALLOW_PRIVATE_ENDPOINTS: '1' };
const BATCH = { batch: { maxRecords: 100, maxWaitMs: 100 } };

const SHAPES: readonly [Shape, ...Shape[]] = [
  { name: '`maxInFlight` 16', partitions: 1, more: { maxInFlight: 16 }, records: 5000, recordsEach: 1 },
  { name: 'one at a time', partitions: 1, more: {}, records: 5000, recordsEach: 1 },
  { name: '8 partitions, one at a time in each', partitions: 8, more: {}, records: 5000, recordsEach: 1 },
  { name: 'batches of 100', partitions: 1, more: BATCH, records: 20_000, recordsEach: 100 },
];

const measureShape = async (bus: Bus, receiver: PushReceiver, shape: Shape, at: number): Promise<Row> => {
  const topic = `shape-${at}`;
  await fillTopic(bus, topic, shape.partitions, shape.records);
  const inbox = receiver.open(`/${topic}`);
  await drain(bus, inbox, topic, shape);
  const rounds: (Throughput & { readonly bare: number })[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const bare = await bareRate(inbox.url.replace(topic, 'bare'), 16, shape.records / shape.recordsEach);
    rounds.push({ ...(await drain(bus, inbox, topic, shape)), bare });
  }
  const middle = (of: (each: (typeof rounds)[number]) => number): number => median(rounds.map(of));
  return {
    name: shape.name,
    requestsPerSecond: middle((each) => each.requestsPerSecond),
    recordsPerSecond: middle((each) => each.recordsPerSecond),
    cpuMicrosPerRequest: middle((each) => each.cpuMicrosPerRequest),
    ratio: middle((each) => divide(each.requestsPerSecond, each.bare)),
  };
};

const measureAll = async (bus: Bus, receiver: PushReceiver): Promise<string> => {
  const where = `${machine('receiver and server')}. Medians of ${ROUNDS} rounds; ${SAMPLES} records for the latencies.`;
  const rows: Row[] = [];
  for (const [n, shape] of SHAPES.entries()) rows.push(await measureShape(bus, receiver, shape, n));
  const neighbours = await measureNeighbours(bus, receiver, ROUNDS, SHAPES[0]);
  return toMarkdown(where, rows, neighbours, await measureLatencies(bus, receiver, SAMPLES));
};

const profileShape = async (bus: Bus, inbox: Inbox, shape: Shape): Promise<void> => {
  const long = { ...shape, records: 4 * shape.records };
  await fillTopic(bus, 'profiled', long.partitions, long.records);
  console.log(await drain(bus, inbox, 'profiled', long));
};

const folder = mkdtempSync(join(tmpdir(), 'chasqui-bench-push-'));
const asked = process.argv.indexOf('--profile');
const nodeArgs = asked === -1 ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
const bus = await startBus(join(folder, 'data'), nodeArgs, undefined, SETTINGS);
const receiver = await PushReceiver.start();
try {
  if (asked === -1) {
    const markdown = await measureAll(bus, receiver);
    console.log(markdown);
    publish('bench-push', markdown);
  } else {
    await profileShape(bus, receiver.open('/profiled'), SHAPES[Number(process.argv[asked + 1] ?? 0)] ?? SHAPES[0]);
  }
} finally {
  await bus.stop();
  await receiver.stop();
}
if (asked !== -1) printProfile(folder);
rmSync(folder, { recursive: true, force: true });
