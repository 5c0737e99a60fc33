import { randomBytes } from 'node:crypto';
import { progressBar } from '../../cli/output/progress-bar.ts';
import { ApiError } from '../../client/api-error.ts';
import { type Client, createClient } from '../../client/client.ts';
import { startBus } from './bus.ts';
import { fetchFlights } from './fetch-flights.ts';
import { type Flight, loadFlights } from './flights.ts';
import { workOff } from './group-flights.ts';
import { Interrupt } from './interrupt.ts';
import { type DemoOptions, parseOptions, type Target, USAGE } from './options.ts';
import { produceFlights } from './produce-flights.ts';
import { PUSHED_PREFIX, pushFlights } from './push-flights.ts';
import { busiest, checkLine, paceLine, rateLine, shareLine } from './report.ts';

const PARTITIONS = 6;
const PRODUCERS = 4;
const READERS = 3;

const FAILED = 1;
const WRONG_USAGE = 2;

interface Places {
  readonly flights: string;
  readonly startScript: string;
}

/** Where it is shown. */
interface Stage extends Target {
  /** It may send to this machine. */
  readonly reachesUs: boolean;
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const produceAll = async (client: Client, topic: string, flights: readonly Flight[]): Promise<void> => {
  const bar = progressBar(flights.length);
  try {
    const stopwatch = await produceFlights(client, topic, flights, {
      producers: PRODUCERS,
      onProgress: ({ records }) => bar.update(records, `${records.toLocaleString('en')} flights`),
    });
    bar.end();
    say(paceLine('produced', stopwatch.pace()));
  } finally {
    bar.end();
  }
};

/** @returns whether every reader saw what was produced. */
const fetchAll = async (client: Client, topic: string, flights: readonly Flight[]): Promise<boolean> => {
  const { stopwatch, checks, departures } = await fetchFlights(client, topic, flights, READERS);
  say(`${paceLine('fetched', stopwatch.pace())}\n\nwhat the ${READERS} readers saw:`);
  for (const check of checks) say(checkLine(check));
  say(`\nthe busiest airports:\n${busiest(departures).join('\n')}\n`);
  return checks.every(({ faults }) => faults === 0);
};

/** The second act. @returns whether a group lost nothing with one of its members. */
const consumeAll = async (client: Client, topic: string, flights: readonly Flight[]): Promise<boolean> => {
  const { stopwatch, checks, repeats, handled } = await workOff(client, topic, flights.length);
  say(`${paceLine('consumed', stopwatch.pace())}\n\nby a group of ${handled.length}, one of which was killed:`);
  for (const share of handled) say(shareLine(share));
  say(`  again, since the dead one had not committed it: ${repeats.toLocaleString('en')}`);
  for (const check of checks) say(checkLine(check));
  say('');
  return checks.every(({ faults }) => faults === 0);
};

/** And a webhook beside the group. @returns whether it got all that it asked for, and nothing that was forged. */
const pushAll = async (client: Client, topic: string, flights: readonly Flight[]): Promise<boolean> => {
  const { pace, checks } = await pushFlights(client, topic, flights);
  say(`${rateLine('pushed', pace)}\n\nwhat a webhook got, with a filter for the airports from ${PUSHED_PREFIX}:`);
  for (const check of checks) say(checkLine(check));
  say('');
  return checks.every(({ faults }) => faults === 0);
};

const isGone = async (client: Client, topic: string): Promise<boolean> => {
  await client.topics.delete(topic);
  return client.topics.get(topic).then(
    () => false,
    (error: unknown) => error instanceof ApiError && error.code === 'topic_not_found',
  );
};

/** All acts on one topic. @returns whether every check held. */
const playAll = async (client: Client, topic: string, flights: readonly Flight[], stage: Stage): Promise<boolean> => {
  await produceAll(client, topic, flights);
  const held = [await fetchAll(client, topic, flights), await consumeAll(client, topic, flights)];
  if (stage.reachesUs) held.push(await pushAll(client, topic, flights));
  return held.every((each) => each);
};

/** @returns whether every check held. */
const show = async (stage: Stage, flights: readonly Flight[], interrupt: Interrupt): Promise<boolean> => {
  const client = createClient(stage);
  const topic = `demo-flights-${randomBytes(4).toString('hex')}`;
  say(
    `${flights.length.toLocaleString('en')} US flights, keyed by their airport, into ${PARTITIONS} partitions of ${topic} at ${stage.url}\n`,
  );
  await client.topics.put(topic, { partitions: PARTITIONS });
  interrupt.undoing(() => client.topics.delete(topic));
  let isSound = false;
  let wasDeleted = false;
  try {
    isSound = await playAll(client, topic, flights, stage);
  } finally {
    wasDeleted = await isGone(client, topic);
    say(checkLine({ name: 'the topic is deleted again', faults: wasDeleted ? 0 : 1 }));
  }
  return isSound && wasDeleted;
};

const run = async (stage: Stage, places: Places, interrupt: Interrupt): Promise<number> => {
  const isSound = await show(stage, loadFlights(places.flights), interrupt);
  say(isSound ? '\nAll checks passed.' : '\nSome checks failed.');
  return isSound ? 0 : FAILED;
};

/** On a bus of its own, which is stopped and removed whatever happens. */
const runAlone = async (places: Places, interrupt: Interrupt): Promise<number> => {
  const bus = await startBus(places.startScript, { CHASQUI_ALLOW_PRIVATE_ENDPOINTS: '1' });
  interrupt.undoing(bus.stop);
  try {
    return await run({ url: bus.url, key: bus.key, reachesUs: true }, places, interrupt);
  } finally {
    await bus.stop();
  }
};

const complain = (error: unknown, exitCode: number): number => {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  return exitCode;
};

/** @returns the exit code: not 0 when a check failed. */
export const main = async (argv: readonly string[], places: Places): Promise<number> => {
  let options: DemoOptions;
  try {
    options = parseOptions(argv);
  } catch (error) {
    return complain(error, WRONG_USAGE);
  }
  if (options.help) {
    say(USAGE);
    return 0;
  }
  const { target } = options;
  const interrupt = new Interrupt();
  const demo =
    target === undefined ? runAlone(places, interrupt) : run({ ...target, reachesUs: false }, places, interrupt);
  return demo.catch((error: unknown) => complain(error, FAILED));
};
