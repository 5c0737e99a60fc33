import { beforeEach, describe, expect, it } from 'vitest';
import { encodeFileHeader } from '../../../../../shared/adapters/embedded/journal/file-header.ts';
import { OpenFiles, type ReadableFile } from '../../../../../shared/adapters/embedded/journal/open-files.ts';
import { setBytesOfFile } from '../support/journal-fixture.ts';
import { MemoryFiles } from '../support/memory-files.ts';

const LIMIT = 3;
let files: MemoryFiles;
let open: OpenFiles;

beforeEach(() => {
  files = new MemoryFiles();
  for (let number = 1; number <= 9; number += 1) {
    setBytesOfFile(files, number, encodeFileHeader({ number, nonce: 5, firstSequence: 1 }));
  }
  open = new OpenFiles(files, '', LIMIT);
});

const nothing = async (): Promise<void> => undefined;

describe('OpenFiles', () => {
  it('keeps a few files open, those that were used last', async () => {
    for (const number of [1, 2, 3, 1, 4]) await open.use(number, nothing);
    expect(files.openFiles).toBe(LIMIT);
    const before = files.count('open');
    for (const number of [1, 3, 4]) await open.use(number, nothing);
    expect(files.count('open')).toBe(before);
    await open.use(2, nothing);
    expect(files.count('open')).toBe(before + 1);
    await open.close();
    expect(files.openFiles).toBe(0);
  });

  it('opens a file once for many at the same time', async () => {
    await Promise.all(Array.from({ length: 20 }, () => open.use(1, nothing)));
    expect(files.count('open')).toBe(1);
  });

  it('closes no file that somebody reads', async () => {
    let done: () => void = () => undefined;
    let used: ReadableFile | undefined;
    const reading = open.use(1, async (file) => {
      used = file;
      await new Promise<void>((resolve) => {
        done = resolve;
      });
    });
    for (const number of [2, 3, 4, 5]) await open.use(number, nothing);
    expect(await used!.file.size()).toBe(32);
    expect(files.openFiles).toBe(LIMIT + 1);
    done();
    await reading;
    expect(files.openFiles).toBe(LIMIT);
  });

  it('tries again after a failure, and leaves nothing open', async () => {
    files.faultOf = (call) => (call === 'read' ? 'fail' : 'none');
    await expect(open.use(1, nothing)).rejects.toThrow('EIO');
    files.faultOf = () => 'none';
    await open.use(1, nothing);
    expect(files.openFiles).toBe(1);
    setBytesOfFile(files, 2, Buffer.alloc(100, 3));
    await expect(open.use(2, nothing)).rejects.toThrow('not the beginning of a journal file');
    expect(files.openFiles).toBe(1);
  });
});
