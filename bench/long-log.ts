import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { produceLines } from './bodies.ts';
import { ask, type Bus, fill, makeTopic, startBus } from './bus.ts';
import { median } from './statistics.ts';

export interface LongLog {
  readonly records: number;
  /** From the start of the process to its first answer, on an empty folder and on this log. */
  readonly emptyStartMs: number;
  readonly longStartMs: number;
  /** The median of fetches of 500 records, begun at random places of the middle and the last twentieth of the log. */
  readonly middleMs: number;
  readonly endMs: number;
  readonly fillRecordsPerSecond: number;
}

const RECORDS_PER_REQUEST = 2000;
const FETCHES = 300;
const STARTS = 3;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

/** Stops the bus and starts it again, some times; the median of its start. Leaves it running. */
const restart = async (bus: Bus, data: string): Promise<{ bus: Bus; startMs: number }> => {
  const times: number[] = [];
  let running = bus;
  for (let start = 0; start < STARTS; start += 1) {
    await running.stop();
    running = await startBus(data, [], bus.key);
    times.push(running.startMs);
  }
  return { bus: running, startMs: median(times) };
};

const fetchAt = (bus: Bus, offset: number): Promise<number> =>
  timed(() => ask(bus, 'GET', `/v1/topics/long/partitions/0/records?limit=500&offset=${Math.floor(offset)}`));

/** Middle and end by turns; the places follow a fixed sequence (the golden ratio's), the same at every run. */
const compareFetches = async (bus: Bus, records: number): Promise<{ middleMs: number; endMs: number }> => {
  const middle: number[] = [];
  const end: number[] = [];
  for (let turn = 0; turn < FETCHES; turn += 1) {
    const place = ((turn * 0.618_034) % 1) * 0.05 * records;
    middle.push(await fetchAt(bus, records * 0.475 + place));
    end.push(await fetchAt(bus, records * 0.95 + place - 500));
  }
  return { middleMs: median(middle), endMs: median(end) };
};

const fillLog = async (bus: Bus, records: number): Promise<number> => {
  const body = produceLines(RECORDS_PER_REQUEST);
  await makeTopic(bus, 'long', 1);
  const ms = await timed(() =>
    fill(bus, '/v1/topics/long/records', body, records / RECORDS_PER_REQUEST, 'application/x-ndjson'),
  );
  return (records * 1000) / ms;
};

/** How a log of `records` small records opens and reads, on a folder of its own. */
export const measureLongLog = async (records: number): Promise<LongLog> => {
  const data = mkdtempSync(join(tmpdir(), 'chasqui-long-log-'));
  const empty = await restart(await startBus(data), data);
  try {
    const fillRecordsPerSecond = await fillLog(empty.bus, records);
    const long = await restart(empty.bus, data);
    const fetches = await compareFetches(long.bus, records);
    await long.bus.stop();
    return { records, emptyStartMs: empty.startMs, longStartMs: long.startMs, ...fetches, fillRecordsPerSecond };
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
};
