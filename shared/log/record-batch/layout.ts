/**
 * Where the fields of a Kafka RecordBatch of version 2 are. Source: Kafka protocol guide, "Record Batch". All integers are big-endian.
 * The CRC-32C covers everything from `ATTRIBUTES_AT` on, so that a broker may set the two fields before it.
 */
export const BASE_OFFSET_AT = 0;
export const LENGTH_AT = 8;
export const LEADER_EPOCH_AT = 12;
export const MAGIC_AT = 16;
export const CRC_AT = 17;
export const ATTRIBUTES_AT = 21;
export const LAST_OFFSET_DELTA_AT = 23;
export const BASE_TIMESTAMP_AT = 27;
export const MAX_TIMESTAMP_AT = 35;
export const PRODUCER_ID_AT = 43;
export const PRODUCER_EPOCH_AT = 51;
export const BASE_SEQUENCE_AT = 53;
export const COUNT_AT = 57;
export const RECORDS_AT = 61;

export const MAGIC = 2;
/** What `batchLength` does not count: the base offset and itself. */
export const LENGTH_FROM = 12;

export const CODEC_MASK = 0x07;
/** The records' timestamps are the batch's maximum: the broker's clock, not the producers'. */
export const LOG_APPEND_TIME = 0x08;

/** A record's length, attributes, two deltas, two absent fields and no headers: a byte each. */
export const SMALLEST_RECORD_BYTES = 7;
