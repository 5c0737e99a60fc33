import { open, readdir, stat, truncate } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** One byte of one file changed, or (where the mask is 0) the file cut off there. */
export class Damage {
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

/** All that a server has stored: the locks of running processes are no data. */
export const filesUnder = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  return paths.filter((path, index) => (sizes[index] ?? 0) > 0 && !/lock/.test(basename(path))).sort();
};
