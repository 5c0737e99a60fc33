import type { CommitSignal } from '../../ports/commit-signal.ts';

export interface PollingOptions {
  /** The first gap, in milliseconds (100); each is twice the one before. */
  readonly firstMs?: number;
  /** The longest gap, in milliseconds (2,500). */
  readonly longestMs?: number;
}

/**
 * Makes those who wait look by themselves, with growing gaps: a function of its own process is told nothing by the others. What this
 * process commits, `local` still announces at once. A wait of 20 s is 13 looks: the gaps are 0.1, 0.2, 0.4, 0.8, 1.6 and then 2.5 s.
 */
export const pollingSignal = (
  local: CommitSignal,
  { firstMs = 100, longestMs = 2500 }: PollingOptions = {},
): CommitSignal => ({
  announce: (tenant, ref) => local.announce(tenant, ref),
  watch: (tenant, refs) => {
    const watch = local.watch(tenant, refs);
    let gapMs = firstMs;
    return {
      next: (timeoutMs, abort) => {
        const waitMs = Math.min(gapMs, timeoutMs);
        gapMs = Math.min(gapMs * 2, longestMs);
        return watch.next(waitMs, abort);
      },
      end: () => watch.end(),
    };
  },
});
