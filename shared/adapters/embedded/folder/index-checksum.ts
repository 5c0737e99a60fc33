import fs from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from '../../../lib/crc32.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { DataFolder } from './data-folder.ts';
import { DataFolderError } from './data-folder-error.ts';
import { syncFolder, writeDurably } from './durable-write.ts';

/** A larger file is not read for this, so that opening stays fast and a busy server does not stop for it. */
const MAX_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
const NAME = 'data.mdb.crc';
/** Changes of the index come in bursts; one checksum for all of them. */
const LEAST_QUIET_MS = 100;
/** Of a server that changes its index all the time, a twentieth of the time at most goes into this. */
const QUIET_FACTOR = 20;

/**
 * LMDB checks nothing of its own structure: a changed byte can make it miss a key, or crash. So whenever the index rests, the checksum of
 * the whole file stands beside it, and the next opening compares. It is taken away, durably, before the file changes.
 */
export class IndexChecksum {
  readonly #folder: DataFolder;
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  readonly #file: string;
  /** Counts changes, so that a checksum that was overtaken is not written. */
  #changes = 0;
  #underWay = 0;
  #dropped: Promise<void> = Promise.resolve();
  #watch: Promise<void> | undefined;
  #quietMs = LEAST_QUIET_MS;

  constructor(folder: DataFolder, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
    this.#file = path.join(folder.index, NAME);
  }

  /**
   * Before anything opens the index.
   * @throws {DataFolderError} when it is not as it was when it rested last.
   */
  async check(): Promise<void> {
    if (!fs.existsSync(this.#file)) return;
    if (fs.readFileSync(this.#file, 'utf8') === (await this.#compute())) return;
    const what = 'index/data.mdb is not as it was stored';
    const remedy = `nothing was changed; to open it all the same, remove index/${NAME}`;
    throw new DataFolderError('damaged', `The data folder ${this.#folder.root} is damaged: ${what} (${remedy}).`);
  }

  /** The index may change when this has resolved. Every `begin` has its `end`. */
  async begin(): Promise<void> {
    this.#changes++;
    this.#underWay++;
    if (fs.existsSync(this.#file)) {
      fs.unlinkSync(this.#file);
      this.#dropped = syncFolder(this.#folder.index);
    }
    await this.#dropped;
  }

  /** The change is done, or has failed. */
  end(): void {
    this.#underWay--;
    this.#watch ??= this.#renew().finally(() => {
      this.#watch = undefined;
    });
  }

  /** Waits for nothing any more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#watch;
  }

  /** For an orderly close: when nobody has the index open any more. */
  async close(): Promise<void> {
    await this.stop();
    await this.#write();
  }

  async #renew(): Promise<void> {
    for (let seen = -1; seen !== this.#changes || this.#underWay > 0; ) {
      seen = this.#changes;
      const slept = await this.#clock.sleep(this.#quietMs, this.#stop.signal).then(
        () => true,
        () => false,
      );
      if (!slept) return;
    }
    // Without it a damaged index is found later, or not at all: nothing that a failure here should stop.
    await this.#write().catch(() => undefined);
  }

  async #write(): Promise<void> {
    const before = this.#changes;
    const startedAt = performance.now();
    const checksum = await this.#compute();
    const rests = (): boolean => before === this.#changes && this.#underWay === 0;
    if (checksum !== undefined && rests()) await writeDurably(this.#folder.index, NAME, checksum, rests);
    this.#quietMs = Math.max(LEAST_QUIET_MS, QUIET_FACTOR * (performance.now() - startedAt));
  }

  async #compute(): Promise<string | undefined> {
    const file = await open(path.join(this.#folder.index, 'data.mdb'), 'r');
    try {
      const { size } = await file.stat();
      if (size > MAX_BYTES) return undefined;
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      let crc = 0;
      for (;;) {
        const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES);
        if (bytesRead === 0) return `${size} ${crc}\n`;
        crc = crc32(chunk.subarray(0, bytesRead), crc);
      }
    } finally {
      await file.close();
    }
  }
}
