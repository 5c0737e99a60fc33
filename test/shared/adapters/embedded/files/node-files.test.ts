import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DirectWriter } from '../../../../../shared/adapters/embedded/files/direct-writer.ts';
import { createNodeFiles, nodeFiles } from '../../../../../shared/adapters/embedded/files/node-files.ts';
import { Staging } from '../../../../../shared/adapters/embedded/files/staging.ts';
import { writeAll } from '../../../../../shared/adapters/embedded/files/whole.ts';
import { alignedMemory } from '../../../../../shared/lib/aligned-memory.ts';

const MIB = 1024 * 1024;

describe('files of Node', () => {
  let folder: string;
  let path: string;
  let count = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chasqui-files-'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  /** Writes groups of parts of these sizes one behind the other, from `start` on; expects to find them there, by both ways of reading. */
  const expectWritten = async (files: typeof nodeFiles, start: number, groups: readonly number[][]): Promise<void> => {
    path = join(folder, String(++count));
    const file = await files.open(path, 'create');
    const whole = [Buffer.alloc(start)];
    let at = start;
    for (const sizes of groups) {
      const parts = sizes.map((size) => randomBytes(size));
      await writeAll(file, parts, at);
      await file.sync();
      const group = Buffer.concat(parts);
      whole.push(group);
      const found = Buffer.alloc(group.length);
      await file.read(found, at);
      expect(found.equals(group), `group at ${at}`).toBe(true);
      at += group.length;
    }
    await file.close();
    expect((await readFile(path)).equals(Buffer.concat(whole))).toBe(true);
  };

  const small = [100, 5000];
  const large = [32, 256 * 1024 + 7, 256 * 1024, 1, 0, 70_000];
  const units = [MIB, 4096];
  const huge = [32, 9 * MIB + 3, 4095];

  it.each([0, 1, 64, 4095, 4096, 4097])('writes what it is given, small and large, from %i on', async (start) => {
    await expectWritten(nodeFiles, start, [small, large, small, units, large, huge, small]);
  });

  it('takes memory for large groups, and the same again, none for small ones', async () => {
    let made = 0;
    const make = (bytes: number) => {
      made++;
      return alignedMemory(bytes);
    };
    const files = createNodeFiles(new Staging(make));
    await expectWritten(files, 64, [small]);
    expect(made).toBe(0);
    await expectWritten(files, 64, [large, huge]);
    expect(made).toBe(1);
  });

  it('goes through the page cache where the system refuses', async () => {
    const skewed = new Staging((bytes) => alignedMemory(bytes + 1)?.subarray(1));
    await expectWritten(createNodeFiles(skewed), 64, [large, small, huge, units]);
    const direct = new DirectWriter(path, skewed);
    expect([await direct.write([randomBytes(MIB)], 0), direct.canWrite]).toEqual([undefined, false]);
    await direct.close();
  });

  it('and where there is no memory that it would take', async () => {
    const none = new Staging(() => undefined);
    await expectWritten(createNodeFiles(none), 64, [large, small, huge, units]);
  });
});
