import { describe, expect, it } from 'vitest';
import { BatchDamagedError } from '../../../../shared/log/record-batch/batch-damaged-error.ts';
import { encodeBatch } from '../../../../shared/log/record-batch/encode-batch.ts';
import { openBatches } from '../../../../shared/log/record-batch/open-batches.ts';
import { record } from '../../../support/batches.ts';

const given = [
  record({ key: Buffer.from('key'), headers: [{ name: 'name', value: Buffer.from('header') }] }),
  record({ value: null, timestamp: 1_760_000_001_234 }),
  record({ value: Buffer.alloc(200, '{"a":1}'), key: Buffer.alloc(0) }),
];

function opened(bytes: Buffer): string {
  try {
    openBatches(bytes);
    return 'opened';
  } catch (error) {
    return error instanceof BatchDamagedError ? 'damaged' : `unexpected ${error}`;
  }
}

/** The places at which a change went unseen. */
function unseen(bytes: Buffer, changes: Iterable<[number, Buffer]>): string[] {
  const found: string[] = [];
  for (const [place, changed] of changes) {
    const outcome = opened(changed);
    if (outcome !== 'damaged') found.push(`${place} of ${bytes.length}: ${outcome}`);
  }
  return found;
}

function* eachBitFlipped(bytes: Buffer): Generator<[number, Buffer]> {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    yield [bit >> 3, flipped];
  }
}

function* eachByteReplaced(bytes: Buffer): Generator<[number, Buffer]> {
  for (let at = 0; at < bytes.length; at++) {
    for (const byte of [0x00, 0xff, bytes[at]! ^ 0xff, (bytes[at]! + 1) & 0xff]) {
      if (byte !== bytes[at]) yield [at, Buffer.from(bytes).fill(byte, at, at + 1)];
    }
  }
}

function* eachTruncation(bytes: Buffer): Generator<[number, Buffer]> {
  for (let length = 0; length < bytes.length; length++) yield [length, bytes.subarray(0, length)];
}

const plain = encodeBatch(given);
const gzipped = encodeBatch(given, 'gzip');

describe.each([
  ['one batch', plain],
  ['a gzipped batch', gzipped],
])('%s', (_, bytes) => {
  it('is damaged by the flip of any bit', () => {
    expect(unseen(bytes, eachBitFlipped(bytes))).toEqual([]);
  });

  it('is damaged by the change of any byte', () => {
    expect(unseen(bytes, eachByteReplaced(bytes))).toEqual([]);
  });

  it('is damaged by being cut anywhere', () => {
    expect(unseen(bytes, eachTruncation(bytes))).toEqual([]);
  });

  it('is damaged by anything behind it', () => {
    expect(opened(Buffer.concat([bytes, Buffer.alloc(1)]))).toBe('damaged');
    expect(opened(Buffer.concat([bytes, bytes.subarray(0, bytes.length - 1)]))).toBe('damaged');
  });
});
