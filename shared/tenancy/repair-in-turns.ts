import type { Log } from '../ports/log.ts';
import type { Progress } from '../ports/progress.ts';
import { REPAIR_BUDGET_MS, type RepairPorts, type RepairReport, repair } from './repair.ts';

export type RepairTurn = RepairPorts & { readonly log: Log };

/**
 * A repair that nobody waits for: goes on where the turn before has come to, until everything has been looked at or the time is over.
 * What it did goes to the log, as a warning where something is missing still.
 * @param until Milliseconds since the epoch.
 */
export const repairInTurns = async (ports: RepairTurn, progress: Progress, until: number): Promise<RepairReport> => {
  const { clock, log } = ports;
  let done = { checked: 0, copied: 0, short: 0, unreadable: 0 };
  let cursor = await progress.load();
  do {
    const { nextCursor, ...more } = await repair(ports, cursor);
    done = {
      checked: done.checked + more.checked,
      copied: done.copied + more.copied,
      short: done.short + more.short,
      unreadable: done.unreadable + more.unreadable,
    };
    cursor = nextCursor ?? undefined;
    await progress.save(cursor);
  } while (cursor !== undefined && clock.now() + REPAIR_BUDGET_MS < until);
  const report = { ...done, nextCursor: cursor ?? null };
  log.write(done.short + done.unreadable > 0 ? 'warn' : 'info', 'repaired', { ...report });
  return report;
};
