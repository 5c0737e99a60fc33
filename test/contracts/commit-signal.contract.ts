import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommitSignal } from '../../shared/ports/commit-signal.ts';
import { ACME, GLOBEX, refOf, topicIdOf } from '../support/index-fixtures.ts';

export interface OpenedSignal {
  readonly signal: CommitSignal;
  /** Lets this much time pass, in milliseconds. */
  elapse(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Longer than any of these tests waits by itself. */
const LONG_MS = 20_000;

const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  for (let turns = 0; turns < 3; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  return settled;
};

/** A signal is a hint: it may come for nothing, so only that it comes when it has to is asked here, and that nobody waits for ever. */
export const describeCommitSignal = (name: string, open: () => Promise<OpenedSignal>): void => {
  describe(`${name}: commit signal`, () => {
    let opened: OpenedSignal;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    it('wakes a watcher at the first announcement of any of its partitions', async () => {
      const watch = opened.signal.watch(ACME, [refOf(0), refOf(1), refOf(0, topicIdOf(2))]);
      for (const ref of [refOf(1), refOf(0), refOf(0, topicIdOf(2))]) {
        const next = watch.next(LONG_MS);
        expect(await isSettled(next)).toBe(false);
        opened.signal.announce(ACME, ref);
        await next;
      }
      watch.end();
    });

    it('remembers an announcement between the beginning of the watch and the wait', async () => {
      const watch = opened.signal.watch(ACME, [refOf()]);
      opened.signal.announce(ACME, refOf());
      await watch.next(LONG_MS);
      watch.end();
    });

    it('remembers an announcement between two waits', async () => {
      const watch = opened.signal.watch(ACME, [refOf()]);
      const first = watch.next(LONG_MS);
      opened.signal.announce(ACME, refOf());
      await first;
      opened.signal.announce(ACME, refOf());
      await watch.next(LONG_MS);
      watch.end();
    });

    it('wakes every watcher', async () => {
      const watches = Array.from({ length: 50 }, () => opened.signal.watch(ACME, [refOf()]));
      const waits = watches.map((watch) => watch.next(LONG_MS));
      opened.signal.announce(ACME, refOf());
      await Promise.all(waits);
      for (const watch of watches) watch.end();
    });

    it('lets time run out', async () => {
      const watch = opened.signal.watch(ACME, [refOf()]);
      const next = watch.next(20);
      await opened.elapse(20);
      await next;
      await watch.next(0);
      watch.end();
    });

    it('waits again after time ran out', async () => {
      const watch = opened.signal.watch(ACME, [refOf()]);
      const first = watch.next(20);
      await opened.elapse(20);
      await first;
      const second = watch.next(LONG_MS);
      expect(await isSettled(second)).toBe(false);
      opened.signal.announce(ACME, refOf());
      await second;
      watch.end();
    });

    it('stops when the waiting is aborted, before or while it waits', async () => {
      const watch = opened.signal.watch(ACME, [refOf()]);
      const abort = new AbortController();
      const next = watch.next(LONG_MS, abort.signal);
      abort.abort();
      await next;
      await watch.next(LONG_MS, abort.signal);
      watch.end();
    });

    it('lets go of whoever still waits when the watch ends, as often as it is ended', async () => {
      const watch = opened.signal.watch(ACME, [refOf()]);
      const next = watch.next(LONG_MS);
      watch.end();
      await next;
      watch.end();
      opened.signal.announce(ACME, refOf());
    });

    it('goes on with the others when one watch ends', async () => {
      const [ended, other] = [opened.signal.watch(ACME, [refOf()]), opened.signal.watch(ACME, [refOf()])];
      ended.end();
      const next = other.next(LONG_MS);
      opened.signal.announce(ACME, refOf());
      await next;
      other.end();
    });

    it('takes a partition that is named twice', async () => {
      const watch = opened.signal.watch(ACME, [refOf(), refOf()]);
      const next = watch.next(LONG_MS);
      opened.signal.announce(ACME, refOf());
      await next;
      watch.end();
    });

    it('takes announcements that nobody waits for', () => {
      opened.signal.announce(GLOBEX, refOf(7));
    });
  });
};
