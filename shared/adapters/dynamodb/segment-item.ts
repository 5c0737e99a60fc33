import { IndexDamagedError } from '../../ports/offset-store.ts';
import { decodeSegment, type Segment } from './encoding/segment-codec.ts';
import { endOffsetIn } from './keys.ts';
import type { Item } from './table.ts';

/** A segment as it was stored: `d`, under the offset behind its last record. */
export interface StoredSegment extends Segment {
  readonly endOffset: number;
}

/** @throws {IndexDamagedError} */
export const readSegment = (item: Item): StoredSegment => {
  const place = `${item['pk']?.S} ${item['sk']?.S}`;
  const endOffset = endOffsetIn(item['sk']?.S ?? '');
  const content = item['d']?.B;
  if (content === undefined) throw new IndexDamagedError(place);
  try {
    return { ...decodeSegment(content, endOffset), endOffset };
  } catch (error) {
    throw new IndexDamagedError(place, { cause: error });
  }
};
