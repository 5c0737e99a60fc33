import { sideBySide } from '../lib/side-by-side.ts';
import type { Progress } from '../ports/progress.ts';
import type { TenantSubscription } from '../ports/subscription-store.ts';
import type { WakeUp } from '../ports/wake-ups.ts';
import { isDue } from './due.ts';
import type { WorkerPorts } from './worker.ts';

/*
 * Finds what nobody was called for: where a call was lost, or a next try is farther away than a message waits.
 *  1. Page by page it looks at every subscription: has it something to do now? Nothing else, so that it comes through however many
 *     there are and however slow their endpoints are.
 *  2. Those that have are called for, as by any other message.
 *  3. Where its time is over before the last page, the next sweep goes on behind it.
 */

export interface SweepPorts extends WorkerPorts {
  readonly progress: Progress;
}

const PAGE = 100;
const LOOKS_AT_ONCE = 16;

const callsFor = async (ports: SweepPorts, found: readonly TenantSubscription[]): Promise<WakeUp[]> => {
  const calls: WakeUp[] = [];
  await sideBySide(found, LOOKS_AT_ONCE, async (one) => {
    const { tenant, subscription } = one;
    try {
      if (await isDue(ports, one)) calls.push({ tenant, subscription: subscription.id, at: ports.clock.now() });
    } catch (error) {
      // The others do not depend on it, and the next sweep looks again.
      ports.log.write('error', 'sweep could not look', { tenant, subscription: subscription.id, error });
    }
  });
  return calls;
};

/** @param until Milliseconds since the epoch. */
export const sweep = async (ports: SweepPorts, until: number): Promise<void> => {
  const begun = await ports.progress.load();
  let after = begun;
  do {
    const { found, next } = await ports.subscriptions.pageOfAll({ after, limit: PAGE });
    await ports.wakeUps.schedule(await callsFor(ports, found));
    after = next;
  } while (after !== undefined && ports.clock.now() < until);
  if (after !== begun) await ports.progress.save(after);
};
