/**
 * `npm run bench`: the bus, a bare node:http server and a bare Hono server under the same load, in interleaved rounds. Prints a table;
 * a full run also writes bench/results.json and the picture and table of docs/performance.md. `--quick`: one short round of each, and
 * a shorter log.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBus } from './bus.ts';
import { chooseLoadGenerator } from './choose-load-generator.ts';
import type { LoadGenerator } from './load.ts';
import { measureLongLog } from './long-log.ts';
import { machine } from './machine.ts';
import { toSvg } from './picture.ts';
import { prepareTopics } from './prepare.ts';
import { publish } from './publish.ts';
import { barsOf, type Results, rowsOf } from './results.ts';
import { type Measured, runRounds } from './rounds.ts';
import { scenariosOf } from './scenarios.ts';
import { startYardstick } from './server.ts';
import { syncsPerAnswer } from './syncs.ts';
import { toMarkdown } from './table.ts';

interface Plan {
  readonly rounds: number;
  readonly secondsEach: number;
  readonly longLogRecords: number;
}

const FULL: Plan = { rounds: 5, secondsEach: 3, longLogRecords: 10_000_000 };
/** One round before the first that counts: compilers warm up, files grow to their size. */
const WARM_UP_SECONDS = 1;
const QUICK: Plan = { rounds: 1, secondsEach: 1, longLogRecords: 300_000 };

const measureRequests = async (
  plan: Plan,
  generator: LoadGenerator,
): Promise<{ measured: Measured; syncs: number | undefined }> => {
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-bench-data-'));
  const [bare, hono] = await Promise.all([startYardstick('bare-server.ts'), startYardstick('hono-server.ts')]);
  const bus = await startBus(join(folder, 'data'));
  try {
    const scenarios = scenariosOf({ bus, bare, hono }, await prepareTopics(bus));
    await runRounds(generator, scenarios, 1, WARM_UP_SECONDS);
    const measured = await runRounds(generator, scenarios, plan.rounds, plan.secondsEach);
    const watched = scenarios.find(({ id }) => id === 'bus single 64');
    const syncs = watched && (await syncsPerAnswer(bus.pid, generator, watched, plan.secondsEach));
    return { measured, syncs };
  } finally {
    await Promise.all([bus.stop(), bare.stop(), hono.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
};

const measure = async (plan: Plan): Promise<Results> => {
  const generator = chooseLoadGenerator();
  const where = machine('load and server');
  const { measured, syncs } = await measureRequests(plan, generator);
  const longLog = await measureLongLog(plan.longLogRecords);
  return {
    machine: where,
    generator: generator.name,
    rounds: plan.rounds,
    secondsEach: plan.secondsEach,
    rows: rowsOf(measured),
    bars: barsOf(measured, longLog),
    longLog,
    syncsPerAnswer: syncs,
  };
};

const publishAll = (results: Results, markdown: string): void => {
  writeFileSync('bench/results.json', `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync('docs/performance.svg', toSvg(results));
  publish('bench', markdown);
};

const isQuick = process.argv.includes('--quick');
const results = await measure(isQuick ? QUICK : FULL);
const markdown = toMarkdown(results);
console.log(markdown);
if (!isQuick) publishAll(results, markdown);
