import { ByteBudget } from '../../shared/http/byte-budget.ts';
import { Drain } from '../../shared/http/drain.ts';
import { sha256 } from '../../shared/lib/sha256.ts';
import type { Config } from '../../shared/runtime/config.ts';
import { type Embedded, openEmbedded } from '../../shared/runtime/embedded.ts';
import { isFirstStart, makeDevKey, markFirstStart } from '../../shared/runtime/first-start.ts';
import type { BufferedLog } from '../../shared/runtime/log.ts';
import { keptOperatorKey, type OperatorKey } from '../../shared/runtime/operator-key.ts';
import { VERSION } from '../../shared/runtime/version.ts';
import { banner, firstBanner } from './banner.ts';
import { createCors } from './cors.ts';
import { HttpServer } from './http-server.ts';
import { createListener } from './listener.ts';

/** What is under way may take this long when the server stops; long polls end at once. */
const STOP_MS = 3000;
/** Of all requests under way together: 24 of the largest at once (18 of one tenant), and thousands of small ones. */
const BODY_BYTES = 96 * 1024 * 1024;
/** Of all answers that their readers have not taken yet. */
const ANSWER_BYTES = 128 * 1024 * 1024;
/** What one tenant may hold of either, so that its slow clients do not keep out all the others. */
const SHARE_OF_ONE = 0.75;

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

/** The configured key is not ours to show. */
const operatorKeyOf = async ({ operatorKey, dataFolder }: Config, { ports }: Embedded): Promise<OperatorKey> =>
  operatorKey === undefined ? keptOperatorKey(dataFolder, ports.random) : { key: operatorKey, isNew: false };

const greet = async (config: Config, url: string, embedded: Embedded, operator: OperatorKey): Promise<string> => {
  const isFirst = await isFirstStart(config.dataFolder);
  if (!isFirst) return banner(url, operator.isNew ? operator.key : undefined);
  const devKey = await makeDevKey(embedded.ports);
  return firstBanner(url, { operatorKey: config.operatorKey === undefined ? operator.key : undefined, devKey });
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
  const embedded = await openEmbedded(config, log);
  const { ports, push, dispatcher, retention, close: closeStores, ...shared } = embedded;
  const operator = await operatorKeyOf(config, embedded);
  const drain = new Drain();
  const greeting = await greet(config, url, embedded, operator);
  const operatorKeyHash = Buffer.from(sha256(operator.key), 'hex');
  const bodies = new ByteBudget(BODY_BYTES, BODY_BYTES * SHARE_OF_ONE);
  const answers = new ByteBudget(ANSWER_BYTES, ANSWER_BYTES * SHARE_OF_ONE);
  http.serve(
    createListener(
      { ...ports, ...shared, ...push, drain, bodies, answers, operatorKeyHash, version: VERSION },
      config.corsOrigins.length === 0 ? undefined : createCors(config.corsOrigins),
    ),
  );
  await dispatcher.start();
  retention.start();
  return {
    url,
    greeting,
    greeted: () => markFirstStart(dataFolder),
    stop: async () => {
      await Promise.all([stopServing(http, drain), dispatcher.stop()]);
      await closeStores();
    },
  };
};
