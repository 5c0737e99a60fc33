import { timeOfUuid } from '../lib/uuid-time.ts';
import type { IndexEntry } from '../ports/offset-store.ts';

/** A record whose producer leaves the time to us has that of its arrival, some moments before it is stored. */
const MOMENTS_MS = 60_000;

/**
 * When an entry was stored, in milliseconds since the epoch: what its retention counts from. Not from its records' timestamps, which are
 * their producers': old ones, such as history that is loaded, would be gone at once, and those of a wrong clock never.
 */
export const storedAtOf = ({ blob, storedAt, maxTimestamp }: IndexEntry): number =>
  storedAt ?? timeOfUuid(blob.id) ?? maxTimestamp;

/** Whether that is known without writing it down. */
export const tellsItsAge = ({ blob, maxTimestamp }: IndexEntry, storedAt: number): boolean =>
  Math.abs(maxTimestamp - storedAt) <= MOMENTS_MS || timeOfUuid(blob.id) !== undefined;
