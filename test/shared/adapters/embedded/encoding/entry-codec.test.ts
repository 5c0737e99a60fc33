import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../../../../shared/adapters/embedded/encoding/byte-reader.ts';
import { ByteWriter } from '../../../../../shared/adapters/embedded/encoding/byte-writer.ts';
import { readEntries, writeEntries } from '../../../../../shared/adapters/embedded/encoding/entry-codec.ts';
import { entryOf } from '../../../../support/index-fixtures.ts';

const bytesOf = (...entries: Parameters<typeof writeEntries>[1]): Buffer => {
  const to = new ByteWriter(64);
  writeEntries(to, entries);
  return to.bytes();
};

describe('the entries of the embedded index', () => {
  it('come back as they were, with the time when they were stored where they have one', () => {
    const entries = [entryOf({ storedAt: 1_790_000_000_000 }), entryOf({ maxTimestamp: -1, storedAt: 0 }), entryOf()];
    expect(readEntries(new ByteReader(bytesOf(...entries)))).toEqual(entries);
  });

  it('are not a byte longer without one, as they have always been', () => {
    const entry = entryOf();
    expect(bytesOf(entry).length).toBe(1 + 1 + 16 + 1 + 1 + 1 + 1 + 8);
    expect(bytesOf(entry)[1]).toBe(3);
  });

  it('are refused where their kind is none', () => {
    const bytes = Buffer.from(bytesOf(entryOf()));
    bytes[1] = 0x7f;
    expect(() => readEntries(new ByteReader(bytes))).toThrow('Unknown kind');
  });
});
