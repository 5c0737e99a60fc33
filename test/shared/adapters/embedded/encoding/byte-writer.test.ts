import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../../../../shared/adapters/embedded/encoding/byte-reader.ts';
import { ByteWriter } from '../../../../../shared/adapters/embedded/encoding/byte-writer.ts';
import { check } from '../../../../support/check.ts';

const natural = fc.oneof(fc.nat(300), fc.nat(), fc.maxSafeNat());

describe('ByteWriter and ByteReader', () => {
  it('give every number, text and byte string back', () => {
    const property = fc.property(
      natural,
      fc.double(),
      fc.string(),
      fc.uint8Array(),
      fc.uuid(),
      (n, f, text, raw, id) => {
        const writer = new ByteWriter(1).varint(n).u64(n).f64(f).text(text).block(raw).uuid(id).u8(7).u32(0xfeed_beef);
        const reader = new ByteReader(Buffer.from(writer.bytes()));
        expect([reader.varint(), reader.u64(), reader.f64(), reader.text()]).toEqual([n, n, f, text]);
        expect(Buffer.compare(reader.block(), raw)).toBe(0);
        expect([reader.uuid(), reader.u8(), reader.u32(), reader.atEnd]).toEqual([id, 7, 0xfeed_beef, true]);
      },
    );
    check(property, { seed: 3 });
  });

  it('sort numbers of eight bytes as they count', () => {
    check(
      fc.property(natural, natural, (a, b) => {
        const [left, right] = [a, b].map((n) => new ByteWriter().u64(n).bytes()) as [Buffer, Buffer];
        expect(Math.sign(Buffer.compare(left, right))).toBe(Math.sign(a - b));
      }),
      { seed: 3 },
    );
  });

  it('refuse what would not come back', () => {
    for (const bad of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => new ByteWriter().varint(bad)).toThrow(RangeError);
    }
    for (const bad of ['', 'blob', '01990000-0000-7000-8000-00000000000G', '01990000-0000-7000-8000-00000000000A']) {
      expect(() => new ByteWriter().uuid(bad)).toThrow(TypeError);
    }
  });

  it('end at the end, whatever is asked for', () => {
    const bytes = Buffer.from([0x85]);
    const reads: ((reader: ByteReader) => unknown)[] = [
      (reader) => reader.u32(),
      (reader) => reader.u64(),
      (reader) => reader.f64(),
      (reader) => reader.varint(),
      (reader) => reader.raw(2),
      (reader) => reader.uuid(),
    ];
    for (const read of reads) expect(() => read(new ByteReader(bytes))).toThrow(RangeError);
    expect(() => new ByteReader(Buffer.alloc(12, 0xff)).varint()).toThrow(RangeError);
  });
});
