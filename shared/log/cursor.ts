import { ChasquiError } from '../contract/errors.ts';
import { parseTopicId, type TopicId } from '../contract/ids.ts';
import { crc32c } from '../lib/crc32c.ts';

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
const CRC_BYTES = 4;

export function writeCursor({ topicId, firstPartition, offsets }: TopicCursor): string {
  const bytes = [VERSION, ...Buffer.from(topicId.replaceAll('-', ''), 'hex')];
  for (const number of [firstPartition, offsets.length, ...offsets]) pushNumber(bytes, number);
  const body = Buffer.from(bytes);
  const crc = Buffer.alloc(CRC_BYTES);
  crc.writeUInt32BE(crc32c(body));
  return Buffer.concat([body, crc]).toString('base64url');
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
  const bytes = Buffer.from(text, 'base64url');
  const end = bytes.length - CRC_BYTES;
  if (end < 1 + TOPIC_ID_BYTES || bytes.toString('base64url') !== text) return undefined;
  if (bytes[0] !== VERSION || bytes.readUInt32BE(end) !== crc32c(bytes, 0, end)) return undefined;
  const topicId = parseTopicId(uuidText(bytes.subarray(1, 1 + TOPIC_ID_BYTES)));
  const numbers = readNumbers(bytes.subarray(1 + TOPIC_ID_BYTES, end));
  const [firstPartition, count, ...offsets] = numbers ?? [];
  if (topicId === undefined || firstPartition === undefined || count !== offsets.length) return undefined;
  return { topicId, firstPartition, offsets };
}

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
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
