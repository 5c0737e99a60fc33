import type { Repaired } from '../../ports/blob-repair.ts';
import { BlobUnreadableError } from '../../ports/blob-store.ts';
import type { WatchedZone } from './watched-zone.ts';

/** What another store holds of the same name. */
export interface Original {
  /** In bytes. */
  readonly length: number;
  read(): Promise<Uint8Array>;
}

interface Sized {
  readonly zone: WatchedZone;
  /** In bytes; undefined: not there, or not whole as far as others know; null: the zone did not answer. */
  readonly size: number | undefined | null;
}

const sizeIn = async (zone: WatchedZone, key: string): Promise<Sized> => ({
  zone,
  size: await zone.size(key).catch(() => null),
});

const copyTo = async ({ zone, size }: Sized, key: string, bytes: Uint8Array): Promise<boolean> => {
  try {
    // A part of a blob is what a writer that was killed leaves behind: no whole copy would ever replace it.
    if (typeof size === 'number') await zone.delete(key);
    await zone.put(key, bytes);
    return true;
  } catch {
    return false;
  }
};

const readWhole = async (holders: readonly Sized[], key: string, size: number): Promise<Uint8Array> => {
  for (const { zone } of holders) {
    const bytes = await zone.get(key).catch(() => undefined);
    if (bytes?.length === size) return bytes;
  }
  throw new BlobUnreadableError(key);
};

/**
 * Copies an object to other zones until `copies` of them hold it, or no further one takes it. The first is made of `original`.
 * @throws {BlobUnreadableError} when no zone that answers has it.
 */
export const repairCopies = async (
  zones: readonly WatchedZone[],
  key: string,
  copies: number,
  original?: Original,
): Promise<Repaired> => {
  const sized = await Promise.all(zones.map((zone) => sizeIn(zone, key)));
  const whole = original?.length ?? Math.max(...sized.map(({ size }) => size ?? -1));
  if (whole < 0) throw new BlobUnreadableError(key);
  const holders = sized.filter(({ size }) => size === whole);
  if (holders.length >= copies) return { copies: holders.length, made: 0 };
  const isFirst = original !== undefined && holders.length === 0;
  const bytes = await (isFirst ? original.read() : readWhole(holders, key, whole));
  let made = 0;
  for (const target of sized) {
    if (holders.length + made === copies) break;
    if (target.size === whole || target.size === null) continue;
    if (await copyTo(target, key, bytes)) made += 1;
  }
  return { copies: holders.length + made, made };
};
