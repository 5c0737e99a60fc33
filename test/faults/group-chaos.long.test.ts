import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Caller, Http } from '../support/http.ts';
import { ServerProcess } from '../support/server-process.ts';
import { CHAOS_SESSION_MS, type ChaosReport, groupChaos } from './group-chaos.ts';

const seconds = Number(process.env['CHASQUI_SECONDS'] ?? 60);
const seed = Number(process.env['CHASQUI_SEED'] ?? Date.now() % 1_000_000);
const KILL_EVERY_MS = 5000;

const expectSound = ({ faults, missing, ...numbers }: ChaosReport): void => {
  console.log(JSON.stringify(numbers));
  expect(faults).toEqual([]);
  expect(missing).toEqual([]);
  expect(numbers.balancedAfterMs).toBeLessThan(CHAOS_SESSION_MS + 1000);
};

/** Kills the server now and then; each time it comes up at another port. */
const killNowAndThen = async (server: ServerProcess, instances: Caller[], until: number): Promise<void> => {
  for (await pause(KILL_EVERY_MS); Date.now() < until; await pause(KILL_EVERY_MS)) {
    await server.kill();
    await server.restart();
    instances[0] = new Http(server.baseUrl).as(server.devKey);
  }
};

it.each([false, true])(
  `a group through ${seconds} s of joins, leaves and kills, seed ${seed}; the server is killed too: %s`,
  async (kills) => {
    const server = await ServerProcess.start();
    const instances: Caller[] = [new Http(server.baseUrl).as(server.devKey)];
    try {
      const running = groupChaos({ instances, durationMs: seconds * 1000, seed });
      if (kills) await killNowAndThen(server, instances, Date.now() + seconds * 1000);
      expectSound(await running);
    } finally {
      await server.cleanup();
    }
  },
);
