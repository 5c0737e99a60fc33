import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecodeError } from '../../../../../shared/adapters/dynamodb/encoding/byte-codec.ts';
import { decodeEntry, encodeEntry } from '../../../../../shared/adapters/dynamodb/encoding/entry-codec.ts';
import { decodeSegment, encodeSegment } from '../../../../../shared/adapters/dynamodb/encoding/segment-codec.ts';
import type { IndexEntry } from '../../../../../shared/ports/offset-store.ts';
import { check } from '../../../../support/check.ts';

const KINDS = ['memory', 'journal', 'inline', 'standard', 'zonal'] as const;
const entries = fc.record({
  blob: fc.record({
    kind: fc.constantFrom(...KINDS),
    id: fc.uuid(),
    zones: fc.oneof(fc.nat(63), fc.integer({ min: 0, max: 2 ** 31 })),
  }),
  position: fc.oneof(fc.nat(5000), fc.maxSafeNat()),
  length: fc.oneof(fc.nat(5000), fc.maxSafeNat()),
  count: fc.integer({ min: 1, max: 10_000 }),
  maxTimestamp: fc.integer({ min: 0, max: 8_640_000_000_000_000 }),
});

/** As produced in October 2025 by a server that names blobs by UUIDs of version 7. */
const USUAL: IndexEntry = {
  blob: { kind: 'standard', id: '0199c82c-a600-7abc-8def-0123456789ab', zones: 0 },
  position: 0,
  length: 1100,
  count: 1,
  maxTimestamp: 0x0199c82ca600 - 3,
};

describe('index entries in DynamoDB', () => {
  it('come back as they were', () => {
    const property = fc.property(entries, (entry) => {
      expect(decodeEntry(encodeEntry(entry))).toEqual(entry);
    });
    check(property, { numRuns: 500, seed: 20_251_009 });
  });

  it('take 22 bytes as they usually are', () => {
    expect(encodeEntry(USUAL)).toHaveLength(22);
    const zonal = {
      ...USUAL,
      blob: { ...USUAL.blob, kind: 'zonal', zones: 0b111 },
      count: 100,
      length: 110_000,
    } as const;
    expect(encodeEntry(zonal)).toHaveLength(24);
  });

  it('are never read from fewer bytes, or from more', () => {
    const bytes = encodeEntry(USUAL);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeEntry(bytes.subarray(0, length))).toThrow(DecodeError);
    }
    expect(() => decodeEntry(Buffer.concat([bytes, Buffer.of(0)]))).toThrow(DecodeError);
    expect(() => decodeEntry(Uint8Array.from(bytes).fill(7, 0, 1))).toThrow(DecodeError);
  });

  it('are refused when they would not come back as they are', () => {
    expect(() => encodeEntry({ ...USUAL, position: 0.5 })).toThrow(TypeError);
    expect(() => encodeEntry({ ...USUAL, maxTimestamp: Number.NEGATIVE_INFINITY })).toThrow(TypeError);
    expect(() => encodeEntry({ ...USUAL, blob: { ...USUAL.blob, id: USUAL.blob.id.toUpperCase() } })).toThrow(
      TypeError,
    );
  });
});

describe('segments in DynamoDB', () => {
  const some = fc.record({
    baseOffset: fc.nat(2 ** 40),
    ordinal: fc.nat(2 ** 30),
    bytesBefore: fc.nat(2 ** 50),
    entries: fc.array(entries, { maxLength: 40 }),
  });
  const endOf = (segment: { baseOffset: number; entries: IndexEntry[] }): number =>
    segment.entries.reduce((end, { count }) => end + count, segment.baseOffset);

  it('come back as they were', () => {
    const property = fc.property(some, (segment) => {
      expect(decodeSegment(encodeSegment(segment), endOf(segment))).toEqual(segment);
    });
    check(property, { numRuns: 100, seed: 20_251_009 });
  });

  it('are damaged when they do not end where their key says', () => {
    const bytes = encodeSegment({ baseOffset: 10, ordinal: 0, bytesBefore: 0, entries: [USUAL] });
    expect(decodeSegment(bytes, 11).entries).toEqual([USUAL]);
    expect(() => decodeSegment(bytes, 12)).toThrow(DecodeError);
    expect(() => decodeSegment(bytes.subarray(0, -1), 11)).toThrow(DecodeError);
  });
});
