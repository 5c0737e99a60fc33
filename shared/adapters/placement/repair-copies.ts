import { BlobUnreadableError } from '../../ports/blob-store.ts';
import type { WatchedZone } from './watched-zone.ts';

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
 * Copies an object to other zones until `copies` of them hold it, or no further one takes it; answers the mask of those that do.
 * @throws {BlobUnreadableError} when no zone that answers has it.
 */
export const repairCopies = async (zones: readonly WatchedZone[], key: string, copies: number): Promise<number> => {
  const sized = await Promise.all(zones.map((zone) => sizeIn(zone, key)));
  const whole = Math.max(...sized.map(({ size }) => size ?? -1));
  const holders = sized.filter(({ size }) => size === whole);
  if (whole < 0) throw new BlobUnreadableError(key);
  let mask = holders.reduce((bits, { zone }) => bits | zone.bit, 0);
  let missing = copies - holders.length;
  if (missing <= 0) return mask;
  const bytes = await readWhole(holders, key, whole);
  for (const target of sized) {
    if (missing === 0) break;
    if (target.size === whole || target.size === null || !(await copyTo(target, key, bytes))) continue;
    mask |= target.zone.bit;
    missing -= 1;
  }
  return mask;
};
