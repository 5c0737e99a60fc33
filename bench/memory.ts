/**
 * `npm run memory-run`: produces records, reads them all back, and prints the resident memory of the bus after every million, first while
 * writing, then while reading. Fails over the bar, or when memory grows between the second million and the last.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { produceLines } from './bodies.ts';
import { ask, type Bus, fill, makeTopic, startBus } from './bus.ts';

const MILLION = 1_000_000;
const MILLIONS = 5;
const RECORDS_PER_REQUEST = 1000;
const BAR_MB = 250;
/** Memory is called flat where the last million's is at most this much above the second's: garbage comes and goes. */
const FLAT_MB = 25;

/** Linux only, as is the bar. */
const residentMb = (pid: number): number => {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
};

const produceMillion = (bus: Bus): Promise<void> =>
  fill(
    bus,
    '/v1/topics/memory/records',
    produceLines(RECORDS_PER_REQUEST),
    MILLION / RECORDS_PER_REQUEST,
    'application/x-ndjson',
  );

/** Reads on from `cursor` until a million records more were seen. */
const readMillion = async (bus: Bus, cursor: string | undefined): Promise<string> => {
  let position = cursor;
  for (let seen = 0; seen < MILLION; ) {
    const from = position === undefined ? 'from=earliest' : `cursor=${encodeURIComponent(position)}`;
    const left = Math.min(10_000, MILLION - seen);
    const path = `/v1/topics/memory/records?${from}&limit=${left}&maxBytes=4194304`;
    const page = JSON.parse(await ask(bus, 'GET', path)) as { records: unknown[]; cursor: string };
    if (page.records.length === 0) throw new Error(`the log ends ${MILLION - seen} records too early`);
    seen += page.records.length;
    position = page.cursor;
  }
  return position ?? '';
};

const sample = (samples: number[], pid: number, label: string): void => {
  const mb = residentMb(pid);
  samples.push(mb);
  console.log(`${label}: ${mb.toFixed(0)} MB`);
};

const run = async (bus: Bus): Promise<number[]> => {
  const samples: number[] = [];
  await makeTopic(bus, 'memory', 4);
  for (let million = 1; million <= MILLIONS; million += 1) {
    await produceMillion(bus);
    sample(samples, bus.pid, `${million} million produced`);
  }
  let cursor: string | undefined;
  for (let million = 1; million <= MILLIONS; million += 1) {
    cursor = await readMillion(bus, cursor);
    sample(samples, bus.pid, `${million} million read back`);
  }
  return samples;
};

const judge = (samples: readonly number[]): void => {
  const highest = Math.max(...samples);
  const growth = (samples[MILLIONS - 1] ?? 0) - (samples[1] ?? 0);
  const isMet = highest < BAR_MB && growth <= FLAT_MB;
  console.log(
    `highest ${highest.toFixed(0)} MB (bar ${BAR_MB}); from the second million to the last ${growth.toFixed(0)} MB (bar ${FLAT_MB})`,
  );
  if (!isMet) process.exitCode = 1;
};

const folder = mkdtempSync(join(tmpdir(), 'chasqui-memory-'));
const bus = await startBus(join(folder, 'data'));
try {
  judge(await run(bus));
} finally {
  await bus.stop();
  rmSync(folder, { recursive: true, force: true });
}
