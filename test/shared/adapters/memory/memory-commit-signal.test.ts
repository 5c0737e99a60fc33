import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createMemoryCommitSignal } from '../../../../shared/adapters/memory/memory-commit-signal.ts';
import { describeCommitSignal } from '../../../contracts/commit-signal.contract.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { ACME, GLOBEX, refOf, topicIdOf } from '../../../support/index-fixtures.ts';

describeCommitSignal('memory', async () => {
  const clock = createFakeClock();
  return { signal: createMemoryCommitSignal(clock), elapse: clock.advance, close: async () => undefined };
});

describe('createMemoryCommitSignal', () => {
  it('wakes nobody for another partition, topic or tenant', async () => {
    const clock = createFakeClock();
    const signal = createMemoryCommitSignal(clock);
    const watch = signal.watch(ACME, [refOf(1)]);
    let woken = false;
    const next = watch.next(1000).then(() => {
      woken = true;
    });
    signal.announce(ACME, refOf(0));
    signal.announce(ACME, refOf(1, topicIdOf(2)));
    signal.announce(GLOBEX, refOf(1));
    await clock.turn();
    expect(woken).toBe(false);
    watch.end();
    await next;
  });

  it('leaves no timer and no listener behind', async () => {
    const clock = createFakeClock();
    const signal = createMemoryCommitSignal(clock);
    const abort = new AbortController();
    const watch = signal.watch(ACME, [refOf()]);
    for (let round = 0; round < 20; round += 1) {
      const next = watch.next(1000, abort.signal);
      signal.announce(ACME, refOf());
      await next;
    }
    watch.end();
    expect(clock.sleeping()).toBe(0);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it('uses an announcement up: the next wait needs another one', async () => {
    const clock = createFakeClock();
    const signal = createMemoryCommitSignal(clock);
    const watch = signal.watch(ACME, [refOf()]);
    signal.announce(ACME, refOf());
    signal.announce(ACME, refOf());
    await watch.next(1000);
    const again = watch.next(1000);
    expect(clock.sleeping()).toBe(1);
    await clock.advance(1000);
    await again;
    watch.end();
  });
});
