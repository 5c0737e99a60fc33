import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../shared/delivery/settings.ts';
import { answered } from '../../support/fake-endpoints.ts';
import { PushWorld } from '../../support/push-world.ts';

const KIB = 1024;
const SUBSCRIPTIONS = 20;
const RECORDS = 40;
const RECORD_BYTES = 100 * KIB;
/** As memory-service.ts has it; a lane reads a page of a MiB beyond at most, and has 64 KiB and a record in any case. */
const BUDGET = 8 * KIB * KIB;
const AT_MOST = BUDGET + KIB * KIB + SUBSCRIPTIONS * (64 * KIB + RECORD_BYTES);

describe('endpoints that hang', () => {
  // Each lane held 4 MiB: some hundred of them were more than a process has.
  it.each([
    ['one at a time', {}],
    ['some in flight', { maxInFlight: 4 }],
    ['batches', { batch: { maxRecords: 30, maxWaitMs: 1000 } }],
  ] satisfies [string, Partial<Settings>][])(
    'hold no more memory than there is for all of them (%s)',
    async (_name, settings) => {
      const world = new PushWorld();
      let hangs = true;
      const taken = new Map<string, number>();
      world.endpoints.answer = ({ url, headers, body }) => {
        if (hangs) return new Promise(() => undefined);
        const isBatch = headers['content-type']?.includes('batch') ?? false;
        taken.set(url, (taken.get(url) ?? 0) + (isBatch ? JSON.parse(Buffer.from(body).toString()).length : 1));
        return answered(204);
      };
      await world.topic('orders');
      const filler = 'x'.repeat(RECORD_BYTES - 10);
      for (let n = 0; n < RECORDS; n += 1) await world.send('orders', [{ key: `k${n}`, value: filler }]);
      const retry = { scheduleMs: [0, 1000], timeoutMs: 1000 };
      for (let n = 0; n < SUBSCRIPTIONS; n += 1) {
        const endpoint = { url: `https://hooks.example.com/${n}` };
        await world.subscribe(`s-${n}`, { topic: 'orders', endpoint, from: 'earliest', retry, ...settings });
      }
      await world.work();
      await world.clock.advance(5000);
      const { readAhead } = world.service;
      expect(readAhead.bytes).toBeGreaterThan(BUDGET / 2);
      expect(readAhead.bytes).toBeLessThan(AT_MOST);
      const stopped = world.stop();
      await world.clock.advance(2000);
      await stopped;
      expect(readAhead.bytes).toBe(0);

      hangs = false;
      await world.work();
      await world.until(
        () => [...taken.values()].reduce((sum, count) => sum + count, 0) >= SUBSCRIPTIONS * RECORDS,
        1000,
      );
      expect([...taken.values()]).toEqual(Array(SUBSCRIPTIONS).fill(RECORDS));
      await world.clock.advance(2000);
      expect(readAhead.bytes).toBe(0);
      await world.stop();
    },
  );
});
