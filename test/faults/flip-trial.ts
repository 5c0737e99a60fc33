import { cp, lstat, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Http } from '../support/http.ts';
import { Seeded } from '../support/seeded.ts';
import { ServerProcess } from '../support/server-process.ts';
import { Damage, filesUnder } from './damage.ts';
import { compare, judgeRefusal, readAll, writeAll } from './flip-verdict.ts';

/** A stopped server's folder, copies of it with one byte changed, and what a server makes of them. */
export class FlipTrial {
  readonly #seeded: Seeded;
  readonly #ending: 'stop' | 'kill';
  #scratch = '';
  #original: ServerProcess | undefined;
  #truth = new Map<string, string>();

  constructor(seed: number, ending: 'stop' | 'kill') {
    this.#seeded = new Seeded(seed);
    this.#ending = ending;
  }

  async prepare(): Promise<void> {
    this.#scratch = await mkdtemp(join(tmpdir(), 'chasqui-flips-'));
    const server = await ServerProcess.start();
    this.#original = server;
    const http = new Http(server.baseUrl);
    const api = http.as(server.devKey);
    await writeAll(api);
    this.#truth = await readAll(api);
    http.close();
    await (this.#ending === 'kill' ? server.kill() : server.stop());
  }

  async cleanup(): Promise<void> {
    await this.#original?.cleanup();
    await rm(this.#scratch, { recursive: true, force: true });
  }

  /**
   * Spread over all files by their number, not by their size, and over bytes that are in use. A file that was cut off after an orderly
   * end is damage; after kill -9 it is what a torn write looks like.
   */
  async damages(count: number): Promise<Damage[]> {
    const folder = this.#original?.dataFolder ?? '';
    const files = await filesUnder(folder);
    const found: Damage[] = [];
    for (let index = 0; index < count; index += 1) {
      const path = files[index % files.length] ?? '';
      const bytes = await readFile(path);
      const isCut = this.#ending === 'stop' && index % 8 === 7;
      const position = isCut ? this.#seeded.integer(0, bytes.length) : this.#usedPosition(bytes);
      found.push(new Damage(relative(folder, path), position, isCut ? 0 : 1 << this.#seeded.integer(0, 8)));
    }
    return found;
  }

  /** What came of it, in words that begin with the verdict. */
  async judge(damage: Damage): Promise<string> {
    const copy = join(this.#scratch, 'copy');
    await rm(copy, { recursive: true, force: true });
    await cp(this.#original?.dataFolder ?? '', copy, {
      recursive: true,
      filter: async (path) => !(await lstat(path)).isSocket(),
    });
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
      await server.stop();
      return compare(this.#truth, found, server.output);
    } catch (error) {
      return `HARMED, the server failed: ${String(error)} ${server.output.slice(0, 500)}`;
    } finally {
      http.close();
    }
  }
}
