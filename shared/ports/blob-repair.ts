import type { TenantId } from '../contract/ids.ts';
import type { BlobRef } from './blob-store.ts';

/** What a repair found and did. */
export interface Repaired {
  /** Zones that hold the whole blob now; less than was asked for where no further zone takes it. */
  readonly copies: number;
  /** How many of them it made. */
  readonly made: number;
}

/** Brings copies back that a lost zone, or a writer that did not wait for all of them, has left missing. */
export interface BlobRepair {
  /**
   * Copies the blob to further zones until `copies` of them hold it. Idempotent; reads and writes go on meanwhile. Undefined where
   * nothing is to be done, as what holds the blob keeps copies of its own.
   * @throws {BlobUnreadableError} when no zone that answers holds it.
   */
  repair(tenant: TenantId, blob: BlobRef, copies: number): Promise<Repaired | undefined>;
}
