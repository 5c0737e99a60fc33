import type { Clock } from '../../ports/clock.ts';
import type { CommitSignal } from '../../ports/commit-signal.ts';

/** 13 looks in 20 s, the first included; a record that comes late is seen 2.5 s later at most. */
const FIRST_GAP_MS = 150;
const LONGEST_GAP_MS = 2500;

/** Nobody announces anything here: a wait ends after a gap that doubles, and whoever waited looks again. */
export const createPollingCommitSignal = (clock: Pick<Clock, 'sleep'>): CommitSignal => ({
  announce: () => undefined,
  watch: () => {
    let gapMs = FIRST_GAP_MS;
    return {
      next: async (timeoutMs, abort) => {
        if (abort?.aborted === true) return;
        const waitMs = Math.min(gapMs, timeoutMs);
        gapMs = Math.min(2 * gapMs, LONGEST_GAP_MS);
        await clock.sleep(waitMs, abort).catch(() => undefined);
      },
      end: () => undefined,
    };
  },
});
