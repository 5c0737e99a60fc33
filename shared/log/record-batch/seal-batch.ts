import { crc32c } from '../../lib/crc32c.ts';
import * as layout from './layout.ts';

/** Kafka's word for "no broker has set this yet", and for "no idempotent producer". */
const NONE = -1;

/** Fills in the header of a batch whose records are in place, behind `at + RECORDS_AT`, up to `end`. */
export function sealBatch(
  target: Buffer,
  at: number,
  end: number,
  records: readonly { readonly timestamp: number }[],
  codecId: number,
): void {
  writeInt64(target, at + layout.BASE_OFFSET_AT, 0);
  target.writeInt32BE(end - at - layout.LENGTH_FROM, at + layout.LENGTH_AT);
  target.writeInt32BE(NONE, at + layout.LEADER_EPOCH_AT);
  target[at + layout.MAGIC_AT] = layout.MAGIC;
  target.writeInt16BE(codecId, at + layout.ATTRIBUTES_AT);
  target.writeInt32BE(records.length - 1, at + layout.LAST_OFFSET_DELTA_AT);
  writeInt64(target, at + layout.BASE_TIMESTAMP_AT, records[0]!.timestamp);
  writeInt64(target, at + layout.MAX_TIMESTAMP_AT, latest(records));
  writeInt64(target, at + layout.PRODUCER_ID_AT, NONE);
  target.writeInt16BE(NONE, at + layout.PRODUCER_EPOCH_AT);
  target.writeInt32BE(NONE, at + layout.BASE_SEQUENCE_AT);
  target.writeInt32BE(records.length, at + layout.COUNT_AT);
  target.writeUInt32BE(crc32c(target, at + layout.ATTRIBUTES_AT, end), at + layout.CRC_AT);
}

function latest(records: readonly { readonly timestamp: number }[]): number {
  let max = records[0]!.timestamp;
  for (let n = 1; n < records.length; n++) max = Math.max(max, records[n]!.timestamp);
  return max;
}

/** A safe integer, without BigInt's garbage. */
function writeInt64(target: Buffer, at: number, value: number): void {
  const high = Math.floor(value / 2 ** 32);
  target.writeInt32BE(high, at);
  target.writeUInt32BE(value - high * 2 ** 32, at + 4);
}
