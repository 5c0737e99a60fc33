import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, vi } from 'vitest';
import { createClient } from '../../client/client.ts';
import { type Bus, type Settings, startBus } from '../../scripts/demo/bus.ts';
import { commandLine, type Environment, type Outcome, spawnChasqui } from './command-line.ts';

const START = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url));

/** A port that nothing listens at, and that `fetch` does not refuse by itself. */
export const NOWHERE = 'http://127.0.0.1:2';

/** A bus for the tests of a file, a folder for what they write, and the command line with the keys of that bus. */
export const useBus = (settings: Settings = {}) => {
  // Many processes, one after the other: a second on a quiet machine, far more beside other suites.
  vi.setConfig({ testTimeout: 120_000 });
  let bus: Bus;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chasqui cli '));
    bus = await startBus(START, settings);
  });
  afterAll(async () => {
    await bus?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const environment = (): Environment => ({ CHASQUI_URL: bus.url, CHASQUI_KEY: bus.key });
  return {
    bus: () => bus,
    folder: () => folder,
    chasqui: (args: readonly string[], input?: string | Uint8Array): Promise<Outcome> =>
      commandLine(environment())(args, input),
    operator: (args: readonly string[]): Promise<Outcome> =>
      commandLine({ ...environment(), CHASQUI_KEY: bus.operatorKey })(args),
    spawn: (args: readonly string[]) => spawnChasqui(environment(), args),
    /** A topic of the test's own. */
    makeTopic: async (name: string, partitions = 1): Promise<string> => {
      await createClient({ url: bus.url, key: bus.key }).topics.put(name, { partitions });
      return name;
    },
  };
};
