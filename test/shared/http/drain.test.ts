import { describe, expect, it } from 'vitest';
import { Drain } from '../../../shared/http/drain.ts';

describe('Drain', () => {
  it('tells whoever waits, and whoever comes later, and nobody who has gone', () => {
    const drain = new Drain();
    const [waiting, gone, late] = [new AbortController(), new AbortController(), new AbortController()];
    drain.join(waiting);
    drain.join(gone);
    drain.leave(gone);
    void drain.start();
    drain.join(late);
    expect([waiting, gone, late].map(({ signal }) => signal.aborted)).toEqual([true, false, true]);
    expect(drain.draining).toBe(true);
  });

  it('is over when the last request is', async () => {
    const drain = new Drain();
    const order: string[] = [];
    drain.begin();
    drain.begin();
    const over = drain.start().then(() => order.push('over'));
    drain.finish();
    await Promise.resolve();
    order.push('one left');
    drain.finish();
    await over;
    expect(order).toEqual(['one left', 'over']);
    await new Drain().start();
  });
});
