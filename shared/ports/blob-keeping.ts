import type { TenantId } from '../contract/ids.ts';
import type { BlobRef } from './blob-store.ts';

/**
 * Blobs that their store removes by itself when the time has passed for which they were to be kept (`PutOptions.keepMs`), and `GRACE_MS`
 * more: by then the log start has to be behind them, or they have to be kept longer. Law 8 of the design rests on it.
 */
export interface BlobKeeping {
  /**
   * From now on the blob is kept for `keepMs` from when it was stored; undefined: until it is deleted. Never shorter than before.
   * Idempotent; nothing where the store removes nothing by itself, or the blob is gone.
   */
  keepLonger(tenant: TenantId, blob: BlobRef, keepMs: number | undefined): Promise<void>;
}

/** Work by the clock that stands still for as long as this may cost data. */
export const GRACE_MS = 14 * 24 * 60 * 60 * 1000;
