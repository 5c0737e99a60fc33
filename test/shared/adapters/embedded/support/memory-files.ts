import path from 'node:path';
import type { Files, OpenFile } from '../../../../../shared/adapters/embedded/files/files.ts';

export type FileCall =
  | 'open'
  | 'write'
  | 'sync'
  | 'read'
  | 'truncate'
  | 'size'
  | 'close'
  | 'list'
  | 'remove'
  | 'syncFolder';

/** What is to happen at a call: nothing special, an error before anything is done, or (writes) after half of it. */
export type Fault = 'none' | 'fail' | 'half';

/** Journal files in memory: fast, and every call can be made to fail. */
export class MemoryFiles implements Files {
  readonly content = new Map<string, Buffer>();
  readonly calls: FileCall[] = [];
  faultOf: (call: FileCall, number: number) => Fault = () => 'none';
  /** Held back until it resolves, to look at what happens meanwhile. */
  syncing: Promise<unknown> = Promise.resolve();
  openFiles = 0;

  /** The same bytes, on another disk. */
  clone(): MemoryFiles {
    const copy = new MemoryFiles();
    for (const [name, bytes] of this.content) copy.content.set(name, Buffer.from(bytes));
    return copy;
  }

  count(call: FileCall): number {
    return this.calls.filter((made) => made === call).length;
  }

  async open(file: string, how: 'create' | 'write' | 'read'): Promise<OpenFile> {
    this.note('open');
    const name = path.basename(file);
    if (how === 'create' && this.content.has(name)) throw errorOf('EEXIST');
    if (how !== 'create' && !this.content.has(name)) throw errorOf('ENOENT');
    if (how === 'create') this.content.set(name, Buffer.alloc(0));
    this.openFiles += 1;
    return new MemoryFile(this, name);
  }

  async list(): Promise<string[]> {
    this.note('list');
    return [...this.content.keys()];
  }

  async remove(file: string): Promise<void> {
    this.note('remove');
    this.content.delete(path.basename(file));
  }

  async syncFolder(): Promise<void> {
    this.note('syncFolder');
  }

  note(call: FileCall): Fault {
    this.calls.push(call);
    const fault = this.faultOf(call, this.calls.length);
    if (fault === 'fail') throw errorOf('EIO');
    return fault;
  }
}

const errorOf = (code: string): Error => Object.assign(new Error(code), { code });

class MemoryFile implements OpenFile {
  readonly #files: MemoryFiles;
  readonly #name: string;

  constructor(files: MemoryFiles, name: string) {
    this.#files = files;
    this.#name = name;
  }

  async write(parts: readonly Uint8Array[], position: number): Promise<number> {
    const isHalf = this.#files.note('write') === 'half';
    const all = Buffer.concat(parts);
    const bytes = isHalf ? all.subarray(0, all.length >> 1) : all;
    const before = this.#bytes();
    const after = Buffer.alloc(Math.max(before.length, position + bytes.length));
    before.copy(after);
    bytes.copy(after, position);
    this.#files.content.set(this.#name, after);
    if (isHalf) throw errorOf('ENOSPC');
    return bytes.length;
  }

  async sync(): Promise<void> {
    const fault = this.#files.note('sync');
    await this.#files.syncing;
    if (fault === 'half') throw errorOf('EIO');
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    this.#files.note('read');
    return this.#bytes().copy(into, 0, position, position + into.length);
  }

  async truncate(length: number): Promise<void> {
    this.#files.note('truncate');
    this.#files.content.set(this.#name, Buffer.from(this.#bytes().subarray(0, length)));
  }

  async size(): Promise<number> {
    this.#files.note('size');
    return this.#bytes().length;
  }

  async close(): Promise<void> {
    this.#files.openFiles -= 1;
    this.#files.note('close');
  }

  #bytes(): Buffer {
    return this.#files.content.get(this.#name) ?? Buffer.alloc(0);
  }
}
