import { ChasquiError } from '../../contract/errors.ts';
import type { TenantId } from '../../contract/ids.ts';
import { type RetryPolicy, retry } from '../../lib/retry.ts';
import { type BlobRef, type BlobStore, BlobUnreadableError } from '../../ports/blob-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import { type PlannedRead, readPlanned } from './plan-reads.ts';
import { within } from './within.ts';
import type { Zone } from './zone.ts';

export interface StandardOptions {
  /** A bucket that keeps several copies by itself. */
  readonly bucket: Zone;
  readonly random: Pick<Random, 'uuid' | 'fraction'>;
  readonly clock: Pick<Clock, 'sleep'>;
  /** After this an attempt counts as failed, in milliseconds (3,000). */
  readonly timeoutMs?: number;
}

/** Names are unique and objects never change, so that both may be done twice. */
const POLICY: RetryPolicy = { attempts: 3, baseMs: 30, maxMs: 300 };
const isTransient = (error: unknown): boolean => !(error instanceof BlobUnreadableError);

const unavailable = (detail: string) => (cause: unknown) => {
  if (!isTransient(cause)) throw cause;
  throw new ChasquiError('unavailable', detail, { retryAfterSeconds: 1, cause });
};

const keyOf = (tenant: TenantId, { id }: Pick<BlobRef, 'id'>): string => `${tenant}/${id}`;

/** Blobs as objects of one bucket. */
export const createStandardBlobStore = ({ bucket, random, clock, timeoutMs = 3000 }: StandardOptions): BlobStore => {
  const world = { sleep: (ms: number) => clock.sleep(ms), fraction: () => random.fraction() };
  const again = <Answer>(perform: (abort: AbortSignal) => Promise<Answer>): Promise<Answer> =>
    retry(world, POLICY, () => within(clock, timeoutMs, perform), isTransient);

  const readRange = async (tenant: TenantId, { slice, start, end }: PlannedRead): Promise<Uint8Array> => {
    const range = { start, length: end - start };
    const key = keyOf(tenant, slice.blob);
    const bytes = start < 0 ? undefined : await again((abort) => bucket.get(key, range, abort));
    if (bytes?.length !== range.length) throw new BlobUnreadableError(`${key} ${start}+${range.length}`);
    return bytes;
  };
  return {
    put: async (tenant, parts) => {
      const id = random.uuid();
      const bytes = Buffer.concat(parts);
      const stored = again((abort) => bucket.put(keyOf(tenant, { id }), bytes, abort));
      await stored.catch(unavailable('The records cannot be stored now.'));
      return { kind: 'standard', id, zones: 0 };
    },
    read: (tenant, slices) =>
      readPlanned(slices, (read) => readRange(tenant, read).catch(unavailable('Stored records cannot be read now.'))),
    delete: (tenant, blob) => again(() => bucket.delete(keyOf(tenant, blob))),
  };
};
