import { ChasquiError } from '../../contract/errors.ts';
import type { Replication } from '../../ports/blob-store.ts';
import type { WatchedZone } from './watched-zone.ts';

const tooFewZones = (cause: unknown): ChasquiError =>
  new ChasquiError('unavailable', 'Too few zones can store the records.', { retryAfterSeconds: 1, cause });

/**
 * Writes the copies side by side and resolves when `quorum` of them are there, with the mask of those zones; the others go on by
 * themselves. A zone that fails is replaced by one that is left; one in doubt is asked only where the quorum needs it. `zones` in the
 * order in which they are to be used.
 * @throws {ChasquiError} `unavailable` as soon as the quorum is out of reach.
 */
export const putCopies = (
  zones: readonly WatchedZone[],
  key: string,
  bytes: Uint8Array,
  { copies, quorum }: Replication,
): Promise<number> =>
  new Promise((resolve, reject) => {
    const left = [...zones];
    const failures: unknown[] = [];
    let [mask, stored, underWay] = [0, 0, 0];
    const takeNext = (): WatchedZone | undefined => {
      const at = left.findIndex((zone) => zone.allows());
      return at !== -1 || stored + underWay < quorum ? left.splice(Math.max(at, 0), 1)[0] : undefined;
    };
    const write = async (zone: WatchedZone): Promise<void> => {
      underWay += 1;
      const failure = await zone.put(key, bytes).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      underWay -= 1;
      if (failure === undefined) {
        mask |= zone.bit;
        stored += 1;
      } else {
        failures.push(failure.error);
        writeNext();
      }
      settle();
    };
    const writeNext = (): void => {
      const zone = takeNext();
      if (zone !== undefined) void write(zone);
    };
    const settle = (): void => {
      if (stored >= quorum) resolve(mask);
      else if (stored + underWay + left.length < quorum) reject(tooFewZones(new AggregateError(failures)));
    };
    for (let copy = 0; copy < copies; copy += 1) writeNext();
    settle();
  });
