import { Drain } from '../../shared/http/drain.ts';
import { sha256 } from '../../shared/lib/sha256.ts';
import type { Config } from '../../shared/runtime/config.ts';
import { type Embedded, openEmbedded } from '../../shared/runtime/embedded.ts';
import { isFirstStart, makeDevKey, markFirstStart } from '../../shared/runtime/first-start.ts';
import type { BufferedLog } from '../../shared/runtime/log.ts';
import { keptOperatorKey } from '../../shared/runtime/operator-key.ts';
import { VERSION } from '../../shared/runtime/version.ts';
import { banner, firstBanner } from './banner.ts';
import { HttpServer } from './http-server.ts';
import { createListener } from './listener.ts';

/** What is under way may take this long when the server stops; long polls end at once. */
const STOP_MS = 3000;

export interface Running {
  readonly url: string;
  /** What to tell whoever started it. */
  readonly greeting: string;
  /** After the greeting was shown. */
  greeted(): Promise<void>;
  /** Takes no more requests, finishes those under way, closes the stores. */
  stop(): Promise<void>;
}

const stopServing = async ({ server }: HttpServer, drain: Drain): Promise<void> => {
  const closed = new Promise((resolve) => server.close(resolve));
  const timer = setTimeout(() => server.closeAllConnections(), STOP_MS);
  await Promise.race([drain.start(), closed]);
  server.closeAllConnections();
  await closed;
  clearTimeout(timer);
};

const greet = async (config: Config, url: string, embedded: Embedded, operatorKey: string): Promise<string> => {
  if (!(await isFirstStart(config.dataFolder))) return banner(url);
  const devKey = await makeDevKey(embedded.ports);
  return firstBanner(url, { operatorKey: config.operatorKey === undefined ? operatorKey : undefined, devKey });
};

/** The whole bus in this process. @throws {StartError} */
export const serve = async (config: Config, log: BufferedLog): Promise<Running> => {
  const http = new HttpServer();
  const url = await http.listen(config.host, config.port);
  try {
    return await open(config, log, http, url);
  } catch (error) {
    http.server.close();
    http.server.closeAllConnections();
    throw error;
  }
};

const open = async (config: Config, log: BufferedLog, http: HttpServer, url: string): Promise<Running> => {
  const { dataFolder } = config;
  const embedded = await openEmbedded(dataFolder, log);
  const { ports, groupCommit, cache } = embedded;
  const operatorKey = config.operatorKey ?? (await keptOperatorKey(dataFolder, ports.random));
  const drain = new Drain();
  const greeting = await greet(config, url, embedded, operatorKey);
  const operatorKeyHash = Buffer.from(sha256(operatorKey), 'hex');
  http.serve(createListener({ ...ports, groupCommit, cache, drain, log, operatorKeyHash, version: VERSION }));
  return {
    url,
    greeting,
    greeted: () => markFirstStart(dataFolder),
    stop: async () => {
      await stopServing(http, drain);
      await embedded.close();
    },
  };
};
