import { ChasquiError } from '../../contract/errors.ts';
import { BlobUnreadableError } from '../../ports/blob-store.ts';
import type { Clock } from '../../ports/clock.ts';
import type { WatchedZone } from './watched-zone.ts';
import type { Range } from './zone.ts';

export interface HedgedRead {
  readonly key: string;
  readonly range: Range;
  /** The best first. */
  readonly zones: readonly WatchedZone[];
  readonly clock: Pick<Clock, 'sleep'>;
  /** How long to wait for one zone before the next is asked too, in milliseconds. */
  readonly hedgeMs: number;
}

/** Takes the first zone that is not in doubt; when all are, the first. */
const takeNext = (left: WatchedZone[]): WatchedZone | undefined => {
  const at = left.findIndex((zone) => zone.allows());
  return left.splice(Math.max(at, 0), 1)[0];
};

/**
 * The bytes from the first zone that has them all. The next zone is asked when one fails, has not got them, or takes longer than
 * `hedgeMs` (Dean and Barroso, "The Tail at Scale", 2013); the slower ones are told to stop.
 * @throws {BlobUnreadableError} when no zone has them @throws {ChasquiError} `unavailable` when a zone that failed may have them.
 */
export const readHedged = ({ key, range, zones, clock, hedgeMs }: HedgedRead): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const left = [...zones];
    const done = new AbortController();
    const failures: unknown[] = [];
    let underWay = 0;
    const finish = (settle: () => void): void => {
      settle();
      done.abort();
    };
    const giveUp = (): void => {
      const place = `${key} ${range.start}+${range.length}`;
      const cause = new AggregateError(failures);
      if (failures.length === 0) finish(() => reject(new BlobUnreadableError(place)));
      else
        finish(() =>
          reject(
            new ChasquiError('unavailable', 'Stored records cannot be read now.', { retryAfterSeconds: 1, cause }),
          ),
        );
    };
    const askNext = (): void => {
      const zone = takeNext(left);
      if (zone !== undefined) void ask(zone);
      else if (underWay === 0) giveUp();
    };
    const ask = async (zone: WatchedZone): Promise<void> => {
      underWay += 1;
      const hedge = new AbortController();
      if (left.length > 0)
        clock.sleep(hedgeMs, AbortSignal.any([hedge.signal, done.signal])).then(askIfWaiting, () => undefined);
      const bytes = await zone.get(key, range, done.signal).catch((error: unknown) => void failures.push(error));
      hedge.abort();
      underWay -= 1;
      if (done.signal.aborted) return;
      if (bytes?.length === range.length) finish(() => resolve(bytes));
      else askNext();
    };
    const askIfWaiting = (): void => {
      if (!done.signal.aborted && left.length > 0) askNext();
    };
    askNext();
  });
