import type { Progress } from '../ports/progress.ts';
import { type RetentionPorts, type RetentionTally, retainEverything } from './retention.ts';
import { decodeRetentionPlace, encodeRetentionPlace } from './retention-cursor.ts';

/**
 * What topics no longer keep goes, for as long as there is time; the next turn goes on where this one was stopped. What it did goes to the log.
 * @param until Milliseconds since the epoch.
 */
export const retainInTurns = async (
  ports: RetentionPorts,
  progress: Progress,
  until: number,
): Promise<RetentionTally> => {
  const { clock, log } = ports;
  const tally: RetentionTally = { removed: 0, failed: 0 };
  const from = decodeRetentionPlace(await progress.load());
  const stopped = await retainEverything(ports, tally, from, () => clock.now() >= until);
  if (from !== undefined || stopped !== undefined)
    await progress.save(stopped === undefined ? undefined : encodeRetentionPlace(stopped));
  log.write(tally.failed > 0 || stopped !== undefined ? 'warn' : 'info', 'retained', {
    ...tally,
    isThrough: stopped === undefined,
  });
  return tally;
};
