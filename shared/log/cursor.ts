import { ChasquiError } from '../contract/errors.ts';
import { parseTopicId, type TopicId } from '../contract/ids.ts';
import { readToken, writeToken } from '../lib/checked-token.ts';
import { bytesToUuid, uuidToBytes } from '../lib/uuid-bytes.ts';

/**
 * Where a reader of a whole topic stands. Opaque to clients, and all there is: no server keeps anything for it. As bytes, in base64url:
 * version, topic id, the partition to begin with, how many partitions, each partition's offset, CRC-32C; numbers are
 * unsigned LEB128.
 */
export interface TopicCursor {
  readonly topicId: TopicId;
  /** The partition that is read first by the next call, so that a busy one does not starve the others. */
  readonly firstPartition: number;
  /** The next offset to read of each partition. Those behind its end are read from their start. */
  readonly offsets: readonly number[];
}

const VERSION = 1;
const TOPIC_ID_BYTES = 16;

export function writeCursor({ topicId, firstPartition, offsets }: TopicCursor): string {
  const bytes = [VERSION, ...uuidToBytes(topicId)];
  for (const number of [firstPartition, offsets.length, ...offsets]) pushNumber(bytes, number);
  return writeToken(Buffer.from(bytes));
}

/** @throws {ChasquiError} `invalid_cursor` unless it was written for this topic id and is whole. */
export function readCursor(text: string, topicId: TopicId, partitions: number): TopicCursor {
  const cursor = parseCursor(text);
  if (cursor === undefined) throw invalidCursor('The cursor is damaged or was not made by this bus.');
  if (cursor.topicId !== topicId) throw invalidCursor('The cursor belongs to another topic.');
  if (cursor.offsets.length > partitions || cursor.firstPartition >= partitions)
    throw invalidCursor('The cursor names partitions that the topic does not have.');
  return cursor;
}

export const invalidCursor = (detail: string): ChasquiError => new ChasquiError('invalid_cursor', detail);

function parseCursor(text: string): TopicCursor | undefined {
  const bytes = readToken(text);
  if (bytes?.[0] !== VERSION) return undefined;
  const topicId = parseTopicId(bytesToUuid(bytes, 1));
  const numbers = readNumbers(bytes.subarray(1 + TOPIC_ID_BYTES));
  const [firstPartition, count, ...offsets] = numbers ?? [];
  if (topicId === undefined || firstPartition === undefined || count !== offsets.length) return undefined;
  return { topicId, firstPartition, offsets };
}

function pushNumber(bytes: number[], number: number): void {
  let rest = number;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
}

function readNumbers(bytes: Buffer): number[] | undefined {
  const numbers: number[] = [];
  let number = 0;
  let unit = 1;
  for (const byte of bytes) {
    number += (byte & 127) * unit;
    unit *= 128;
    if (!Number.isSafeInteger(number)) return undefined;
    if (byte >= 128) continue;
    numbers.push(number);
    number = 0;
    unit = 1;
  }
  return unit === 1 ? numbers : undefined;
}
