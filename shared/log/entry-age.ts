import { timeOfUuid } from '../lib/uuid-time.ts';
import type { IndexEntry } from '../ports/offset-store.ts';

type Aged = Pick<IndexEntry, 'blob' | 'storedAt'>;

/**
 * When an entry was stored, in milliseconds since the epoch: what its retention counts from. Not from its records' timestamps, which are
 * their producers': old ones, such as history that is loaded, would be gone at once, and those of a wrong clock never. Undefined where
 * nobody has noted it, as a program did not that knew of no retention.
 */
export const storedAtOf = ({ blob, storedAt }: Aged): number | undefined => storedAt ?? timeOfUuid(blob.id);

/** Whether its blob's id tells, so that it need not be noted. */
export const tellsItsAge = ({ id }: IndexEntry['blob']): boolean => timeOfUuid(id) !== undefined;
