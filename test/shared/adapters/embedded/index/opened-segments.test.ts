import { describe, expect, it } from 'vitest';
import { OpenedSegments } from '../../../../../shared/adapters/embedded/index/opened-segments.ts';
import type { SegmentContent } from '../../../../../shared/adapters/embedded/index/segment-codec.ts';
import { ACME, GLOBEX } from '../../../../support/index-fixtures.ts';

/** Of ten records each. */
const segmentAt = (offset: number): SegmentContent => {
  const baseOffset = offset - (offset % 10);
  return { baseOffset, endOffset: baseOffset + 10, bytesBefore: 0, entries: [] };
};

const opened = () => {
  const segments = new OpenedSegments();
  const reads: string[] = [];
  const find = (offset: number, number = 1, tenant = ACME): SegmentContent =>
    segments.find(tenant, number, offset, () => {
      reads.push(`${tenant}/${number}/${offset}`);
      return segmentAt(offset);
    });
  return { find, reads };
};

describe('OpenedSegments', () => {
  it('reads a segment once, for all the offsets that it holds', () => {
    const { find, reads } = opened();
    for (const offset of [15, 10, 19, 20, 12, 25]) expect(find(offset).baseOffset).toBe(offset - (offset % 10));
    expect(reads).toEqual(['acme/1/15', 'acme/1/20']);
  });

  it('keeps partitions and tenants apart', () => {
    const { find, reads } = opened();
    find(5);
    find(5, 2);
    find(5, 1, GLOBEX);
    expect(reads).toHaveLength(3);
  });

  it('forgets rather than grow without end, and is right all the same', () => {
    const { find, reads } = opened();
    for (let round = 0; round < 2; round++) {
      for (let offset = 0; offset < 30_000; offset += 10) expect(find(offset, offset % 7).endOffset).toBe(offset + 10);
    }
    expect(reads.length).toBeGreaterThan(3000);
  });

  it('remembers nothing of a read that failed', () => {
    const { find, reads } = opened();
    const segments = new OpenedSegments();
    const fail = (): never => {
      throw new Error('damaged');
    };
    expect(() => segments.find(ACME, 1, 5, fail)).toThrow('damaged');
    find(5);
    expect(reads).toEqual(['acme/1/5']);
  });
});
