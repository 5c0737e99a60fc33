import { setTimeout as pause } from 'node:timers/promises';
import { makeTopic } from '../support/bus.ts';
import { Http } from '../support/http.ts';
import { Seeded } from '../support/seeded.ts';
import { ServerProcess } from '../support/server-process.ts';
import { Ledger } from './ledger.ts';
import { Producer } from './producer.ts';

const PARTITIONS = 4;
const TOPIC = 'killed';

export interface KillReport {
  readonly acknowledged: number;
  readonly uncertain: number;
  readonly faults: readonly string[];
}

export interface KillOptions {
  readonly rounds: number;
  readonly producers: number;
  readonly longestMs: number;
  readonly seed: number;
  readonly paddingBytes?: number;
  /** Of the server. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * 1. All producers write as fast as they can. 2. At a random moment the server is killed with -9. 3. It starts again on its folder.
 * 4. What was lost with an idempotency key is sent again. 5. Everything is read and held against what the producers were told.
 */
export const runKillRounds = async ({
  rounds,
  producers,
  longestMs,
  seed,
  paddingBytes,
  settings = {},
}: KillOptions): Promise<KillReport> => {
  const seeded = new Seeded(seed);
  const ledger = new Ledger();
  const server = await ServerProcess.start({ settings });
  const faults: string[] = [];
  try {
    await withApi(server, (api) => makeTopic(api, { partitions: PARTITIONS }, TOPIC));
    for (let round = 0; round < rounds && faults.length === 0; round += 1) {
      const names = Array.from({ length: producers }, (_, index) => `r${round}w${index}`);
      const writers = names.map((name) => new Producer(name, TOPIC, ledger, seeded, paddingBytes));
      await killUnderLoad(server, writers, seeded.integer(50, longestMs));
      await server.restart();
      await withApi(server, async (api) => {
        await Promise.all(writers.map((writer) => writer.retry(api)));
        faults.push(...(await ledger.audit(api, TOPIC, PARTITIONS)).map((fault) => `round ${round}: ${fault}`));
      });
    }
    await server.stop();
  } finally {
    await server.cleanup();
  }
  return { acknowledged: ledger.acknowledged, uncertain: ledger.uncertain, faults };
};

const withApi = async <Result>(
  server: ServerProcess,
  use: (api: ReturnType<Http['as']>) => Promise<Result>,
): Promise<Result> => {
  const http = new Http(server.baseUrl);
  try {
    return await use(http.as(server.devKey));
  } finally {
    http.close();
  }
};

const killUnderLoad = (server: ServerProcess, writers: readonly Producer[], afterMs: number): Promise<void> =>
  withApi(server, async (api) => {
    let over = false;
    const running = Promise.all(writers.map((writer) => writer.run(api, () => over)));
    await Promise.race([pause(afterMs), running]);
    await server.kill();
    over = true;
    await running;
  });
