import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { TenantId } from '../../contract/ids.ts';
import type { Refusal } from '../../ports/offset-store.ts';
import { type Append, type Head, IndexDamagedError, type PartitionRef, TAIL_LIMIT } from '../../ports/offset-store.ts';
import { decodeEntry } from './encoding/entry-codec.ts';
import { decodeSealedState, encodeSealedState, NOTHING_SEALED, type SealedState } from './encoding/sealed-state.ts';
import { bytesOf } from './encoding/segment-codec.ts';
import { headKey } from './keys.ts';
import type { Item } from './table.ts';

/*
 * The head of a partition. One letter an attribute, for every commit pays for the size of the whole item:
 *   f  fence; a head without it is dropped, and is there for the clearing up only
 *   n  high watermark            b  offset of the tail's first record
 *   s  log start                 r  bytes of the entries that are wholly before it
 *   t  tail, a list of entries   x  what is known of everything sealed
 */

/** A head with what the port does not show of it. */
export interface HeadItem {
  readonly head: Head;
  readonly sealed: SealedState;
  readonly trimmedBytes: number;
}

export const numberOf = (value: number): AttributeValue => ({ N: String(value) });
export const bytesValue = (value: Uint8Array): AttributeValue => ({ B: value });

const requireNumber = (attribute: AttributeValue | undefined): number => {
  const value = Number(attribute?.N ?? Number.NaN);
  if (!Number.isSafeInteger(value)) throw new TypeError('A number is missing.');
  return value;
};

const requireBytes = (attribute: AttributeValue | undefined): Uint8Array => {
  if (attribute?.B === undefined) throw new TypeError('Bytes are missing.');
  return attribute.B;
};

export const emptyHead = (tenant: TenantId, ref: PartitionRef): Item => ({
  ...headKey(tenant, ref),
  f: numberOf(0),
  n: numberOf(0),
  b: numberOf(0),
  s: numberOf(0),
  r: numberOf(0),
  t: { L: [] },
  x: bytesValue(encodeSealedState(NOTHING_SEALED)),
});

export const retainedBytes = (sealed: SealedState, tail: Head['tail'], trimmedBytes: number): number =>
  sealed.bytes + bytesOf(tail) - trimmedBytes;

const decode = (item: Item): HeadItem => {
  const tail = (item['t']?.L ?? []).map((entry) => decodeEntry(requireBytes(entry)));
  const sealed = decodeSealedState(requireBytes(item['x']));
  const trimmedBytes = requireNumber(item['r']);
  const head: Head = {
    fence: requireNumber(item['f']),
    logStartOffset: requireNumber(item['s']),
    baseOffset: requireNumber(item['b']),
    nextOffset: requireNumber(item['n']),
    tail,
    retainedBytes: retainedBytes(sealed, tail, trimmedBytes),
  };
  return { head, sealed, trimmedBytes };
};

/**
 * Undefined where there is no such partition, or none any more.
 * @throws {IndexDamagedError}
 */
export const decodeHead = (item: Item | undefined): HeadItem | undefined => {
  if (item?.['f'] === undefined) return undefined;
  try {
    return decode(item);
  } catch (error) {
    throw new IndexDamagedError(`head ${item['pk']?.S}`, { cause: error });
  }
};

/** Why this append may not be written; where several reasons hold, the first in the order of the port's `Refusal`. */
export const refusalOf = (head: Head | undefined, { fence, expectedOffset }: Append): Refusal | undefined => {
  if (head === undefined) return { kind: 'gone' };
  if (fence !== head.fence) return { kind: 'fenced', head };
  if (head.tail.length >= TAIL_LIMIT) return { kind: 'full', head };
  if (expectedOffset !== undefined && expectedOffset !== head.nextOffset) return { kind: 'offset_mismatch', head };
  return undefined;
};
