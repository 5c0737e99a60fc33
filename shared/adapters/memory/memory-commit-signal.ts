import type { TenantId } from '../../contract/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CommitSignal, SignalRef, Watch } from '../../ports/commit-signal.ts';
import { createSharedTimer, type SharedTimer, type Wake } from './shared-timer.ts';

/** The watchers of one topic, by partition. */
type TopicWatchers = Map<number, Set<Wake>>;

interface Bell extends Pick<Watch, 'next'> {
  readonly ring: Wake;
}

/** Remembers one announcement until somebody waits for it. One `next` at a time. */
const createBell = (timer: SharedTimer): Bell => {
  let rung = false;
  let wake: Wake | undefined;
  const wait = (timeoutMs: number, abort?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        if (wake !== done) return;
        wake = undefined;
        abort?.removeEventListener('abort', done);
        timer.stop(done);
        resolve();
      };
      wake = done;
      abort?.addEventListener('abort', done, { once: true });
      timer.start(done, timeoutMs);
    });
  return {
    ring: () => {
      if (wake === undefined) rung = true;
      else wake();
    },
    next: (timeoutMs, abort) => {
      if (!rung && timeoutMs > 0 && abort?.aborted !== true) return wait(timeoutMs, abort);
      rung = false;
      return Promise.resolve();
    },
  };
};

/**
 * Wake-ups within one process: used by the tests and by the embedded server. An announcement costs two look-ups and the watchers that
 * it wakes, however many others there are.
 */
export const createMemoryCommitSignal = (clock: Pick<Clock, 'now' | 'sleep'>): CommitSignal => {
  const timer = createSharedTimer(clock);
  const topics = new Map<string, TopicWatchers>();
  const keyOf = (tenant: TenantId, ref: SignalRef): string => `${tenant}/${ref.topicId}`;

  const add = (key: string, partition: number, wake: Wake): void => {
    const watchers: TopicWatchers = topics.get(key) ?? new Map();
    topics.set(key, watchers);
    const wakes = watchers.get(partition);
    if (wakes === undefined) watchers.set(partition, new Set([wake]));
    else wakes.add(wake);
  };
  const drop = (key: string, partition: number, wake: Wake): void => {
    const watchers = topics.get(key);
    const wakes = watchers?.get(partition);
    if (watchers === undefined || wakes === undefined) return;
    wakes.delete(wake);
    if (wakes.size === 0) watchers.delete(partition);
    if (watchers.size === 0) topics.delete(key);
  };
  return {
    announce: (tenant, ref) => {
      if (topics.size === 0) return;
      const wakes = topics.get(keyOf(tenant, ref))?.get(ref.partition);
      if (wakes !== undefined) for (const wake of wakes) wake();
    },
    watch: (tenant, refs) => {
      const { ring, next } = createBell(timer);
      for (const ref of refs) add(keyOf(tenant, ref), ref.partition, ring);
      return {
        next,
        end: () => {
          for (const ref of refs) drop(keyOf(tenant, ref), ref.partition, ring);
          ring();
        },
      };
    },
  };
};
