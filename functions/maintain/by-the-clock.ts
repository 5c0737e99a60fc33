import type { BlobKeeping } from '../../shared/ports/blob-keeping.ts';
import type { Progress } from '../../shared/ports/progress.ts';
import { repairInTurns } from '../../shared/tenancy/repair-in-turns.ts';
import { retainInTurns } from '../../shared/tenancy/retention-in-turns.ts';
import type { MaintainService } from './routes.ts';

/** What the clock tells: what is due. */
export type ClockEvent = { readonly repair: true } | { readonly retention: true };

type ClockService = MaintainService & {
  readonly keeping: BlobKeeping;
  readonly knownSince: number;
  readonly repairProgress: Progress;
  readonly retentionProgress: Progress;
};

/** For what comes behind the last page. */
const MARGIN_MS = 5000;

/**
 * Does what is due, as long as the function may take.
 * @throws where retention failed for a partition, so that somebody is told: what is not shortened in time may be lost to its readers.
 */
export const workByTheClock = async (service: ClockService, event: ClockEvent, remainingMs: number): Promise<void> => {
  const until = service.clock.now() + remainingMs - MARGIN_MS;
  if ('repair' in event) await repairInTurns(service, service.repairProgress, until);
  else {
    const { failed } = await retainInTurns(service, service.retentionProgress, until);
    if (failed > 0) throw new Error(`Retention failed for ${failed} partitions; the log says for which.`);
  }
};
