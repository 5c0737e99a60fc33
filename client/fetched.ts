/** Bytes that are neither JSON nor text come as base64. A tombstone has no value. */
export interface FetchedRecord {
  readonly partition?: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key?: string | null;
  readonly keyBase64?: string;
  readonly value?: unknown;
  readonly valueBase64?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FetchLimits {
  /** Records: 1 to 10,000 (500). */
  readonly limit?: number | undefined;
  /** To 4 MiB (1 MiB); the first record is given whatever its size. */
  readonly maxBytes?: number | undefined;
  /** How long to wait for the first record: to 20,000 (0). */
  readonly waitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One of them; none is the earliest. */
export interface PartitionStart {
  readonly offset?: number | undefined;
  /** The first record of this time or a later one, in milliseconds since the epoch. */
  readonly timestamp?: number | undefined;
  /** So many records before the end. */
  readonly tail?: number | undefined;
  readonly from?: 'earliest' | 'latest' | undefined;
}

/** `cursor` goes on behind an earlier answer; `from` is `earliest` (default), `latest` or milliseconds since the epoch. */
export interface TopicStart {
  readonly cursor?: string | undefined;
  readonly from?: 'earliest' | 'latest' | number | undefined;
}

export interface PartitionBounds {
  readonly nextOffset: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
}

/** Records that were gone before they were read: `from` to below `to`. */
export interface SkippedRange {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** A record a line, as the server wrote them. */
export interface Lines {
  readonly lines: Uint8Array;
}
