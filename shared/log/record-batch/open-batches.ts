import { type Codec, codecById } from '../../lib/compression.ts';
import { crc32c } from '../../lib/crc32c.ts';
import { BatchDamagedError } from './batch-damaged-error.ts';
import * as layout from './layout.ts';

/** A batch that has been checked as a whole; `RecordCursor` walks its records. */
export interface OpenBatch {
  /** The records, uncompressed. A view into the given bytes where they were not compressed. */
  readonly records: Buffer;
  readonly count: number;
  /** Milliseconds since the epoch, as is `maxTimestamp`. */
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  /** Every record's time is `maxTimestamp`. */
  readonly logAppendTime: boolean;
  /** Memory that it holds, for a cache's budget. */
  readonly bytes: number;
}

/** Far over what one flush can hold; a bound for what a damaged or hostile batch may make us allocate. */
const MAX_UNCOMPRESSED_BYTES = 64 * 1024 * 1024;
/** The objects around the bytes, roughly. */
const OBJECT_BYTES = 256;

/**
 * Opens one or more whole batches, back to back: length, magic, CRC-32C, counts, codec. The records themselves are checked by the
 * cursor that walks them.
 * @throws {BatchDamagedError} for anything else, naming the place.
 */
export function openBatches(bytes: Uint8Array): OpenBatch[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const batches: OpenBatch[] = [];
  let at = 0;
  do {
    const end = batchEnd(buffer, at);
    batches.push(openBatch(buffer, at, end));
    at = end;
  } while (at < buffer.length);
  return batches;
}

function batchEnd(buffer: Buffer, at: number): number {
  if (buffer.length - at < layout.RECORDS_AT) throw new BatchDamagedError(at, 'cut off within its header');
  const length = buffer.readInt32BE(at + layout.LENGTH_AT);
  const end = at + layout.LENGTH_FROM + length;
  if (end < at + layout.RECORDS_AT) throw new BatchDamagedError(at + layout.LENGTH_AT, `impossible length ${length}`);
  if (end > buffer.length) throw new BatchDamagedError(at, 'cut off within its records');
  return end;
}

function openBatch(buffer: Buffer, at: number, end: number): OpenBatch {
  checkUncovered(buffer, at);
  const stored = buffer.readUInt32BE(at + layout.CRC_AT);
  if (crc32c(buffer, at + layout.ATTRIBUTES_AT, end) !== stored) {
    throw new BatchDamagedError(at + layout.CRC_AT, 'checksum mismatch');
  }
  const attributes = buffer.readUInt16BE(at + layout.ATTRIBUTES_AT);
  const codec = codecById(attributes & layout.CODEC_MASK);
  if (!codec?.available) {
    throw new BatchDamagedError(
      at + layout.ATTRIBUTES_AT,
      `compression codec ${codec?.name ?? 'unknown'} not available`,
    );
  }
  const records = unpack(codec, buffer.subarray(at + layout.RECORDS_AT, end), at + layout.RECORDS_AT);
  return {
    records,
    count: checkedCount(buffer, at, records.length),
    baseTimestamp: readInt64(buffer, at + layout.BASE_TIMESTAMP_AT),
    maxTimestamp: readInt64(buffer, at + layout.MAX_TIMESTAMP_AT),
    logAppendTime: (attributes & layout.LOG_APPEND_TIME) !== 0,
    bytes: records.length + OBJECT_BYTES,
  };
}

/** The fields that the checksum leaves out are constants in what we store, so that no flipped bit goes unseen. */
function checkUncovered(buffer: Buffer, at: number): void {
  if (buffer[at + layout.MAGIC_AT] !== layout.MAGIC) throw new BatchDamagedError(at + layout.MAGIC_AT, 'not version 2');
  if (buffer.readInt32BE(at) !== 0 || buffer.readInt32BE(at + 4) !== 0) {
    throw new BatchDamagedError(at, 'base offset is not 0');
  }
  // Java's clients write -1, others 0; the two are 32 flipped bits apart.
  const epoch = buffer.readInt32BE(at + layout.LEADER_EPOCH_AT);
  if (epoch !== -1 && epoch !== 0) throw new BatchDamagedError(at + layout.LEADER_EPOCH_AT, 'leader epoch is set');
}

function unpack(codec: Codec, packed: Buffer, at: number): Buffer {
  try {
    return codec.decompress(packed, MAX_UNCOMPRESSED_BYTES);
  } catch (cause) {
    throw new BatchDamagedError(at, `${codec.name} data does not decompress`, { cause });
  }
}

function checkedCount(buffer: Buffer, at: number, recordsLength: number): number {
  const count = buffer.readInt32BE(at + layout.COUNT_AT);
  if (count < 1 || count * layout.SMALLEST_RECORD_BYTES > recordsLength) {
    throw new BatchDamagedError(at + layout.COUNT_AT, `impossible record count ${count}`);
  }
  if (buffer.readInt32BE(at + layout.LAST_OFFSET_DELTA_AT) !== count - 1) {
    throw new BatchDamagedError(at + layout.LAST_OFFSET_DELTA_AT, 'last offset delta and record count disagree');
  }
  return count;
}

/** Exact within JavaScript's safe range, which holds every time that its dates can show. */
function readInt64(buffer: Buffer, at: number): number {
  const value = buffer.readInt32BE(at) * 2 ** 32 + buffer.readUInt32BE(at + 4);
  if (!Number.isSafeInteger(value)) throw new BatchDamagedError(at, 'timestamp out of range');
  return value;
}
