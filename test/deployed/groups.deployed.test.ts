import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openDeployment } from '../../scripts/aws/deployment.ts';
import { loadFlights, recordOf } from '../../scripts/demo/flights.ts';
import { GroupLedger } from '../faults/group-ledger.ts';
import { GroupWorker, type WorkerPlan } from '../faults/group-worker.ts';
import { freshName, makeKey, makeTenant, makeTopic, must, watermarks } from '../support/bus.ts';
import { type Caller, Http } from '../support/http.ts';
import { Seeded } from '../support/seeded.ts';

const FLIGHTS = fileURLToPath(new URL('../../node_modules/vega-datasets/data/flights-20k.json', import.meta.url));
const RECORDS = 6000;
const BATCH = 500;
const PARTITIONS = 12;
const SESSION_MS = 3000;
const LOSS_PERCENT = 5;
/** The emulator shares the machine with its members: each poll is a process that gets its turn. */
const BALANCE_MS = SESSION_MS + 5000;

const isEven = (workers: readonly GroupWorker[]): boolean => {
  const shares = workers.map(({ assignment }) => assignment.length);
  return shares.reduce((sum, share) => sum + share, 0) === PARTITIONS && Math.max(...shares) - Math.min(...shares) <= 1;
};

/** Milliseconds until the shares are even. */
const untilEven = async (workers: readonly GroupWorker[]): Promise<number> => {
  const startedAt = Date.now();
  while (!isEven(workers) && Date.now() < startedAt + 2 * BALANCE_MS) await pause(20);
  return Date.now() - startedAt;
};

const untilDone = async (api: Caller, group: string): Promise<void> => {
  for (const until = Date.now() + 30_000; Date.now() < until; await pause(200)) {
    const { lag } = must(await api.get(`/v1/groups/${group}`), 200).json<{ lag: number }>();
    if (lag === 0) return;
  }
};

const produceFlights = async (api: Caller, topic: string): Promise<void> => {
  const flights = loadFlights(FLIGHTS).slice(0, RECORDS);
  for (let at = 0; at < RECORDS; at += BATCH) {
    const body = flights
      .slice(at, at + BATCH)
      .map(recordOf)
      .join('');
    const headers = { 'content-type': 'application/x-ndjson' };
    must(await api.send('POST', `/v1/topics/${topic}/records`, { body, headers }), 200);
  }
};

it('a group of three loses and misplaces nothing while one is killed, one leaves and one joins, and answers are lost', {
  timeout: 120_000,
}, async () => {
  const { baseUrl, operatorKey } = await openDeployment();
  const http = new Http(baseUrl, 16);
  const operator = http.as(operatorKey);
  const api = http.as((await makeKey(operator, await makeTenant(operator))).key);
  const { name: topic } = await makeTopic(api, { partitions: PARTITIONS }, freshName('flights'));
  const [group, ledger] = [freshName('group'), new GroupLedger()];
  const plan: WorkerPlan = {
    instances: [api],
    group,
    topic,
    sessionTimeoutMs: SESSION_MS,
    lossPercent: LOSS_PERCENT,
    seeded: new Seeded(20_010_401),
    ledger,
  };
  const join = (name: string): GroupWorker => {
    const worker = new GroupWorker(plan, name, name);
    worker.start();
    return worker;
  };
  const [a, b, c] = [join('a'), join('b'), join('c')] as const;
  const balancedMs = [await untilEven([a, b, c])];
  const produced = produceFlights(api, topic);
  await pause(1500);
  await b.kill();
  balancedMs.push(await untilEven([a, c]));
  await c.leave();
  const d = join('d');
  balancedMs.push(await untilEven([a, d]));
  const e = join('e');
  balancedMs.push(await untilEven([a, d, e]));
  await produced;
  await untilDone(api, group);
  const all = [a, b, c, d, e];
  const lost = all.reduce((sum, worker) => sum + worker.lost, 0);
  const fenced = all.reduce((sum, worker) => sum + worker.fenced, 0);
  console.log(JSON.stringify({ balancedMs, repeats: ledger.repeats, lost, fenced }));
  await Promise.all([a, d, e].map((worker) => worker.leave()));
  expect(ledger.faults).toEqual([]);
  expect(ledger.missing(await watermarks(api, topic))).toEqual([]);
  expect((await watermarks(api, topic)).reduce((sum, end) => sum + end, 0)).toBe(RECORDS);
  expect(lost).toBeGreaterThan(0);
  for (const tookMs of balancedMs) expect(tookMs).toBeLessThan(BALANCE_MS);
  http.close();
});
