/**
 * Where the server's time goes: runs one scenario against a bus under V8's sampling profiler, and prints the functions with the most
 * time of their own. `npm run profile -- 'bus single 64'`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBus } from './bus.ts';
import { chooseLoadGenerator } from './choose-load-generator.ts';
import { prepareTopics, type ReadTopics } from './prepare.ts';
import { printProfile } from './print-profile.ts';
import { scenariosOf } from './scenarios.ts';

const SECONDS = 8;

/** The log is filled by another process, so that the profile shows the scenario alone. */
const prepare = async (data: string): Promise<{ key: string; topics: ReadTopics }> => {
  const bus = await startBus(data);
  const topics = await prepareTopics(bus);
  await bus.stop();
  return { key: bus.key, topics };
};

const main = async (id: string): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-profile-'));
  try {
    const data = join(folder, 'data');
    const { key, topics } = await prepare(data);
    const bus = await startBus(data, ['--cpu-prof', `--cpu-prof-dir=${folder}`], key);
    const scenarios = scenariosOf({ bus, bare: bus, hono: bus }, topics);
    const scenario = scenarios.find((candidate) => candidate.id === id);
    const result = scenario && (await chooseLoadGenerator().run({ ...scenario.load, seconds: SECONDS }));
    await bus.stop();
    console.log(result ?? `no such scenario; there are: ${scenarios.map((each) => each.id).join(', ')}`);
    printProfile(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

await main(process.argv[2] ?? 'bus single 64');
