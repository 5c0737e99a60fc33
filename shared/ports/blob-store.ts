import type { TenantId } from '../contract/ids.ts';

/**
 * Names a stored blob. Made by the store at `put`, opaque to everybody else, never used twice: two refs are the same blob
 * exactly when their `id` is equal.
 */
export interface BlobRef {
  readonly kind: 'memory' | 'journal' | 'inline' | 'standard' | 'zonal';
  /** A UUID, 36 characters. */
  readonly id: string;
  /** Bit mask of the zones that answered; 0 where there are none. */
  readonly zones: number;
}

/** A range of bytes inside a blob. */
export interface BlobSlice {
  readonly blob: BlobRef;
  readonly position: number;
  readonly length: number;
}

/** How many copies of a blob are to be kept, each in a zone of its own. */
export interface Replication {
  /** Zones that are to hold it. */
  readonly copies: number;
  /** Zones that have to hold it before it counts as stored; at most `copies`. */
  readonly quorum: number;
}

export interface PutOptions {
  /** Left out: kept once, in whatever the deployment trusts with a single copy. */
  readonly replication?: Replication | undefined;
  /**
   * How long it is to be kept, in milliseconds; left out: until it is deleted. A store that can remove it by itself does so, well after that,
   * for nobody reads it any more by then (see `BlobKeeping`).
   */
  readonly keepMs?: number | undefined;
  /** Says that the store has no more use for the parts; a store that cannot tell never calls it. */
  readonly release?: () => void;
}

/** Memory for at least that many bytes, whatever they are. */
export type Allocate = (bytes: number) => Buffer<ArrayBuffer>;

/**
 * Where batches' bytes are. Laws:
 * 1. When `put` has resolved, any later commit that names the blob is durable only if the blob is (design, law 1).
 * 2. A blob never changes; its bytes come back as they were given, or an error does.
 * 3. Tenant first: a ref of one tenant names nothing for another.
 */
export interface BlobStore {
  /**
   * Stores the concatenation of `parts` as one blob. The parts are the store's from then on: nobody changes them before it has released them.
   * @throws {ChasquiError} `unavailable`, nothing stored, when fewer than `quorum` zones take it.
   */
  put(tenant: TenantId, parts: readonly Uint8Array[], options?: PutOptions): Promise<BlobRef>;
  /**
   * The bytes of every slice, in order. Adapters merge neighbours and go in parallel. Where an adapter has the choice, slices are
   * put into memory that `allocate` gives, neighbours into the same.
   * @throws {BlobUnreadableError} when a slice is missing or short.
   */
  read(tenant: TenantId, slices: readonly BlobSlice[], allocate?: Allocate): Promise<Uint8Array[]>;
  /** Idempotent. What `read` says of a deleted blob is `BlobUnreadableError`, at the latest when the process has restarted. */
  delete(tenant: TenantId, blob: BlobRef): Promise<void>;
}

/** A blob, or a part of it, that is not there or does not read. `place` says where, for the operator's log. */
export class BlobUnreadableError extends Error {
  readonly place: string;

  constructor(place: string, options?: ErrorOptions) {
    super(`Stored bytes cannot be read at ${place}.`, options);
    this.name = 'BlobUnreadableError';
    this.place = place;
  }
}
