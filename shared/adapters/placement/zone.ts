/**
 * A place that keeps immutable objects by key: a bucket, or a directory. Several of them fail independently of each other.
 * Laws: when `put` has resolved, the object is durable there; `put` never changes an object that is there already, and fails rather
 * than keep a part of one under its key.
 */
export interface Zone {
  /** For operators. */
  readonly name: string;
  put(key: string, bytes: Uint8Array, abort?: AbortSignal): Promise<void>;
  /** Shorter than asked for where the object ends; undefined where there is no such object. The whole object without a range. */
  get(key: string, range?: Range, abort?: AbortSignal): Promise<Uint8Array | undefined>;
  /** In bytes; undefined where there is no such object. */
  size(key: string): Promise<number | undefined>;
  /** Idempotent. */
  delete(key: string): Promise<void>;
}

export interface Range {
  readonly start: number;
  readonly length: number;
}
