import { cp, mkdtemp, open, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { makeTopic, produce } from '../support/bus.ts';
import { type Caller, Http } from '../support/http.ts';
import { Seeded } from '../support/seeded.ts';
import { ServerProcess } from '../support/server-process.ts';
import type { Problem } from '../support/shapes.ts';

const TOPICS = ['orders', 'logs'];
const PARTITIONS = 2;

class Damage {
  readonly file: string;
  readonly position: number;
  readonly mask: number;

  constructor(file: string, position: number, mask: number) {
    this.file = file;
    this.position = position;
    this.mask = mask;
  }

  toString(): string {
    const what = this.mask === 0 ? 'cut off' : `xor 0x${this.mask.toString(16)}`;
    return `${this.file} at ${this.position} ${what}`;
  }

  async inflict(folder: string): Promise<void> {
    const path = join(folder, this.file);
    if (this.mask === 0) return truncate(path, this.position);
    const handle = await open(path, 'r+');
    const byte = Buffer.alloc(1);
    await handle.read(byte, 0, 1, this.position);
    await handle.write(Buffer.from([(byte[0] ?? 0) ^ this.mask]), 0, 1, this.position);
    await handle.close();
  }
}

const filesUnder = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  return paths.filter((path, index) => (sizes[index] ?? 0) > 0 && !/lock/.test(basename(path))).sort();
};

/** A stopped server's folder, copies of it with one byte changed, and what a server makes of them. */
export class FlipTrial {
  readonly #seeded: Seeded;
  #scratch = '';
  #original: ServerProcess | undefined;
  #truth = new Map<string, string>();

  constructor(seed: number) {
    this.#seeded = new Seeded(seed);
  }

  async prepare(): Promise<void> {
    this.#scratch = await mkdtemp(join(tmpdir(), 'chasqui-flips-'));
    const server = await ServerProcess.start();
    this.#original = server;
    const http = new Http(server.baseUrl);
    const api = http.as(server.devKey);
    for (const topic of TOPICS) {
      await makeTopic(api, { partitions: PARTITIONS }, topic);
      for (let turn = 0; turn < 60; turn += 1) {
        const records = Array.from({ length: 5 }, (_, index) => ({
          key: `k${index}`,
          value: { topic, turn, index },
          partition: index % 2,
        }));
        await produce(api, topic, records);
      }
    }
    this.#truth = await readAll(api);
    http.close();
    await server.stop();
  }

  async cleanup(): Promise<void> {
    await this.#original?.cleanup();
    await rm(this.#scratch, { recursive: true, force: true });
  }

  /** Spread over all files by their number, not by their size, and over bytes that are in use. */
  async damages(count: number): Promise<Damage[]> {
    const folder = this.#original?.dataFolder ?? '';
    const files = await filesUnder(folder);
    const found: Damage[] = [];
    for (let index = 0; index < count; index += 1) {
      const path = files[index % files.length] ?? '';
      const bytes = await readFile(path);
      const isCut = index % 8 === 7;
      const position = isCut ? this.#seeded.integer(0, bytes.length) : this.#usedPosition(bytes);
      found.push(new Damage(relative(folder, path), position, isCut ? 0 : 1 << this.#seeded.integer(0, 8)));
    }
    return found;
  }

  /** What came of it, in words that begin with the verdict. */
  async judge(damage: Damage): Promise<string> {
    const copy = join(this.#scratch, 'copy');
    await rm(copy, { recursive: true, force: true });
    await cp(this.#original?.dataFolder ?? '', copy, { recursive: true });
    await damage.inflict(copy);
    const { operatorKey } = this.#original ?? {};
    let server: ServerProcess;
    try {
      server = await ServerProcess.start({ dataFolder: copy, operatorKey });
    } catch (error) {
      return judgeRefusal(String(error), damage);
    }
    try {
      return await this.#judgeAnswers(server);
    } finally {
      await server.kill();
    }
  }

  #usedPosition(bytes: Buffer): number {
    for (let turn = 0; turn < 200; turn += 1) {
      const position = this.#seeded.integer(0, bytes.length);
      if (bytes[position] !== 0) return position;
    }
    return this.#seeded.integer(0, bytes.length);
  }

  async #judgeAnswers(server: ServerProcess): Promise<string> {
    const http = new Http(server.baseUrl);
    try {
      const found = await readAll(http.as(this.#original?.devKey));
      return compare(this.#truth, found);
    } catch (error) {
      return `HARMED, the server failed: ${String(error)} ${server.output.slice(0, 500)}`;
    } finally {
      http.close();
    }
  }
}

const judgeRefusal = (error: string, damage: Damage): string => {
  const said = error
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '');
  const namesIt = said.length === 1 && said.some((line) => line.includes(basename(damage.file)));
  return namesIt
    ? `refused to start (${said[0]})`
    : `HARMED, refused to start without a clear line: ${said.join(' | ').slice(0, 600)}`;
};

/** Every answer that a client may ask for, by its path: topics, partitions, records, in small pages so that each is judged alone. */
const readAll = async (api: Caller): Promise<Map<string, string>> => {
  const answers = new Map<string, string>();
  const ask = async (path: string): Promise<string> => {
    const { status, text } = await api.get(path);
    const isInternal = status === 500 && (JSON.parse(text) as Problem).code === 'internal';
    answers.set(path, isInternal ? 'internal' : `${status} ${text}`);
    return text;
  };
  await ask('/v1/topics');
  for (const topic of TOPICS) {
    await ask(`/v1/topics/${topic}`);
    await ask(`/v1/topics/${topic}/partitions`);
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      for (let offset = 0; offset < 180; offset += 30)
        await ask(`/v1/topics/${topic}/partitions/${partition}/records?offset=${offset}&limit=30`);
      await ask(`/v1/topics/${topic}/partitions/${partition}/records?tail=1`);
    }
  }
  return answers;
};

const compare = (truth: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): string => {
  const differing = [...truth].filter(([path, answer]) => found.get(path) !== answer);
  const wrong = differing.find(([path]) => found.get(path) !== 'internal');
  if (wrong !== undefined)
    return `HARMED, ${wrong[0]} answers ${found.get(wrong[0])?.slice(0, 300)} and not ${wrong[1].slice(0, 300)}`;
  return differing.length === 0 ? 'unharmed' : `refused to answer ${differing.length} of ${truth.size} requests`;
};
