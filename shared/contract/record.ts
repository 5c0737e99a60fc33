/**
 * What the bytes of a value are. `unknown` is what a Kafka client would write, and what `valueBase64` gives: it is judged when it is
 * read. Kept in the record's attributes byte, which Kafka leaves unused.
 */
export const VALUE_FORMATS = { unknown: 0, json: 1, text: 2 } as const;
export type ValueFormat = (typeof VALUE_FORMATS)[keyof typeof VALUE_FORMATS];

/** A record as the log takes it: bytes, parsed no further. The arrays may be views into a request's body. */
export interface RecordInput {
  readonly key: Uint8Array | null;
  /** `null` is a tombstone; an empty array is an empty value. */
  readonly value: Uint8Array | null;
  readonly valueFormat: ValueFormat;
  readonly headers: readonly RecordHeader[];
  /** Milliseconds since the epoch. Where it is absent, the request's time is put in when the record gets its partition. */
  timestamp?: number | undefined;
  readonly partition?: number | undefined;
}

export interface RecordHeader {
  readonly name: string;
  readonly value: Uint8Array;
}
