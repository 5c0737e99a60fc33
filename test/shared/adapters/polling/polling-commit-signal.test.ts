import { describe, expect, it } from 'vitest';
import { createPollingCommitSignal } from '../../../../shared/adapters/polling/polling-commit-signal.ts';
import { parseTenantId } from '../../../../shared/contract/ids.ts';

const tenant = parseTenantId('acme')!;
const WAIT_MS = 20_000;

describe('the polling commit signal', () => {
  it('lets whoever waits look at most 14 times in 20 s', async () => {
    let now = 0;
    const signal = createPollingCommitSignal({
      sleep: async (ms) => {
        now += ms;
      },
    });
    const watch = signal.watch(tenant, []);
    let looks = 1;
    for (; now < WAIT_MS; looks += 1) await watch.next(WAIT_MS - now);
    expect(looks).toBeLessThanOrEqual(14);
    expect(now).toBe(WAIT_MS);
  });

  it('ends its wait at once when it is aborted', async () => {
    const controller = new AbortController();
    const signal = createPollingCommitSignal({
      sleep: (_ms, abort) =>
        new Promise((_, reject) => abort?.addEventListener('abort', () => reject(new Error('aborted')))),
    });
    const waiting = signal.watch(tenant, []).next(WAIT_MS, controller.signal);
    controller.abort();
    await expect(waiting).resolves.toBeUndefined();
  });
});
