import { START_ARGS } from '../scripts/start-args.ts';
import { type Server, startServer } from './server.ts';

/** The bus under measurement, and the key of its tenant `dev`. */
export interface Bus extends Server {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
}

const keyIn = (greeting: string): string | undefined => {
  const alone = greeting.split('\n').flatMap((line) => /^[^"']*[\s:](chq_[\w.-]+)\s*$/.exec(line)?.[1] ?? []);
  return alone.at(-1);
};

/** Started as a user starts it, log level and all. `key` is needed where the folder is not new: keys are printed once. */
export const startBus = async (
  data: string,
  nodeArgs: readonly string[] = [],
  key?: string,
  more: NodeJS.ProcessEnv = {},
): Promise<Bus> => {
  const settings = { CHASQUI_PORT: '0', CHASQUI_DATA: data, ...more };
  const server = await startServer([...nodeArgs, ...START_ARGS], settings);
  const found = key ?? keyIn(server.greeting);
  if (found === undefined) throw new Error(`the bus printed no key:\n${server.greeting}`);
  return { ...server, key: found, headers: { authorization: `Bearer ${found}` } };
};

/** One request, which has to succeed. */
export const ask = async (
  bus: Bus,
  method: string,
  path: string,
  body?: string,
  type = 'application/json',
): Promise<string> => {
  const headers = body === undefined ? bus.headers : { ...bus.headers, 'content-type': type };
  const init = { method, headers, ...(body === undefined ? {} : { body }) };
  const answer = await fetch(bus.url + path, init);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text;
};

export const makeTopic = (bus: Bus, topic: string, partitions: number): Promise<string> =>
  ask(bus, 'PUT', `/v1/topics/${topic}`, JSON.stringify({ partitions }));

/** Sends `body` `times` times, four at once. */
export const fill = async (
  bus: Bus,
  path: string,
  body: string,
  times: number,
  type = 'application/json',
): Promise<void> => {
  let left = times;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await ask(bus, 'POST', path, body, type);
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
};
