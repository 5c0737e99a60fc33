import { basename } from 'node:path';
import { makeTopic, produce } from '../support/bus.ts';
import type { Caller } from '../support/http.ts';
import type { Problem } from '../support/shapes.ts';
import type { Damage } from './damage.ts';

const TOPICS = ['orders', 'logs'];
const PARTITIONS = 2;
const TURNS = 60;
const RECORDS_PER_PARTITION = 2 * TURNS;
const INTERNAL = '500 internal: ';

/** Two topics of two partitions, written in many small requests. */
export const writeAll = async (api: Caller): Promise<void> => {
  for (const topic of TOPICS) {
    await makeTopic(api, { partitions: PARTITIONS }, topic);
    for (let turn = 0; turn < TURNS; turn += 1) {
      const records = Array.from({ length: 2 * PARTITIONS }, (_, index) => ({
        key: `k${index}`,
        value: { topic, turn, index },
        partition: index % PARTITIONS,
      }));
      await produce(api, topic, records);
    }
  }
};

/** A start that is refused says in one line where; of the version, which is one number, the folder is place enough. */
export const judgeRefusal = (error: string, damage: Damage): string => {
  const said = error
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '');
  const place = damage.file === 'VERSION' ? 'data folder' : basename(damage.file);
  const namesIt = said.length === 1 && said.some((line) => line.includes(place));
  return namesIt
    ? `refused to start (${said[0]})`
    : `HARMED, refused to start without a clear line: ${said.join(' | ').slice(0, 600)}`;
};

/** Every answer that a client may ask for, by its path: topics, partitions, records, in small pages so that each is judged alone. */
export const readAll = async (api: Caller): Promise<Map<string, string>> => {
  const answers = new Map<string, string>();
  const ask = async (path: string): Promise<void> => {
    const { status, text } = await api.get(path);
    const problem = status === 500 ? (JSON.parse(text) as Problem) : undefined;
    answers.set(path, problem?.code === 'internal' ? `${INTERNAL}${problem.detail}` : `${status} ${text}`);
  };
  await ask('/v1/topics');
  for (const topic of TOPICS) {
    await ask(`/v1/topics/${topic}`);
    await ask(`/v1/topics/${topic}/partitions`);
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      for (let offset = 0; offset < RECORDS_PER_PARTITION; offset += 30)
        await ask(`/v1/topics/${topic}/partitions/${partition}/records?offset=${offset}&limit=30`);
      await ask(`/v1/topics/${topic}/partitions/${partition}/records?tail=1`);
    }
  }
  return answers;
};

/** A refusal names the place, to the client or in the log; without it, nobody knows what to restore. */
const namesPlace = (refusals: readonly string[], log: string): boolean =>
  log.includes('"place":"') ||
  refusals.every((refusal) => /partition \d+.*offset|offset \d+|journal|index/i.test(refusal));

/** Holds what a damaged server answered against what it had answered before. */
export const compare = (
  truth: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
  log: string,
): string => {
  const differing = [...truth].filter(([path, answer]) => found.get(path) !== answer).map(([path]) => path);
  const wrong = differing.find((path) => found.get(path)?.startsWith(INTERNAL) !== true);
  if (wrong !== undefined)
    return `HARMED, ${wrong} answers ${found.get(wrong)?.slice(0, 300)} and not ${truth.get(wrong)?.slice(0, 300)}`;
  if (differing.length === 0) return 'unharmed';
  const refusals = differing.map((path) => found.get(path) ?? '');
  const verdict = `refused to answer ${differing.length} of ${truth.size} requests (${refusals[0]})`;
  return namesPlace(refusals, log) ? verdict : `HARMED, ${verdict}, and nothing names the place: ${log.slice(-1500)}`;
};
