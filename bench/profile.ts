/**
 * Where the server's time goes: runs one scenario against a bus under V8's sampling profiler, and prints the functions with the most
 * time of their own. `npm run profile -- 'bus single 64'`.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBus } from './bus.ts';
import { chooseLoadGenerator } from './choose-load-generator.ts';
import { prepareTopics } from './prepare.ts';
import { scenariosOf } from './scenarios.ts';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}
interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const SHOWN = 40;
const SECONDS = 8;

const placeOf = ({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string =>
  `${functionName || '(anonymous)'} ${url.split('/').slice(-2).join('/')}:${lineNumber + 1}`;

const selfTimes = (profile: Profile): [place: string, ms: number][] => {
  const places = new Map(profile.nodes.map((node) => [node.id, placeOf(node)]));
  const times = new Map<string, number>();
  profile.samples.forEach((id, index) => {
    const place = places.get(id) ?? '?';
    times.set(place, (times.get(place) ?? 0) + (profile.timeDeltas[index] ?? 0) / 1000);
  });
  return [...times].sort((a, b) => b[1] - a[1]);
};

/** Waiting is not work. */
const IDLE = /^\((idle|program)\) /;

const report = (folder: string): void => {
  const file = readdirSync(folder).find((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error('the server left no profile');
  const profile: Profile = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const times = selfTimes(profile).filter(([place]) => !IDLE.test(place));
  const total = times.reduce((sum, [, ms]) => sum + ms, 0);
  for (const [place, ms] of times.slice(0, SHOWN)) {
    console.log(`${((ms * 100) / total).toFixed(1).padStart(5)} %  ${ms.toFixed(0).padStart(6)} ms  ${place}`);
  }
};

/** The log is filled by another process, so that the profile shows the scenario alone. */
const prepare = async (data: string): Promise<{ key: string; fetchEnd: number }> => {
  const bus = await startBus(data);
  const fetchEnd = await prepareTopics(bus);
  await bus.stop();
  return { key: bus.key, fetchEnd };
};

const main = async (id: string): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-profile-'));
  try {
    const data = join(folder, 'data');
    const { key, fetchEnd } = await prepare(data);
    const bus = await startBus(data, ['--cpu-prof', `--cpu-prof-dir=${folder}`], key);
    const scenarios = scenariosOf({ bus, bare: bus, hono: bus }, fetchEnd);
    const scenario = scenarios.find((candidate) => candidate.id === id);
    const result = scenario && (await chooseLoadGenerator().run({ ...scenario.load, seconds: SECONDS }));
    await bus.stop();
    console.log(result ?? `no such scenario; there are: ${scenarios.map((each) => each.id).join(', ')}`);
    report(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

await main(process.argv[2] ?? 'bus single 64');
