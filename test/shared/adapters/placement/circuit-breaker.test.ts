import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from '../../../../shared/adapters/placement/circuit-breaker.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';

const openBreaker = () => {
  const clock = createFakeClock();
  const breaker = new CircuitBreaker(clock);
  for (let failure = 0; failure < 3; failure += 1) breaker.failed();
  return { clock, breaker };
};

describe('CircuitBreaker', () => {
  it('opens after three failures in a row', () => {
    const breaker = new CircuitBreaker(createFakeClock());
    for (let round = 0; round < 5; round += 1) {
      breaker.failed();
      breaker.failed();
      expect(breaker.allows()).toBe(true);
      breaker.succeeded();
    }
    for (let failure = 0; failure < 3; failure += 1) breaker.failed();
    expect(breaker.allows()).toBe(false);
  });

  it('lets one trial through in ten seconds, and everybody after its success', async () => {
    const { clock, breaker } = openBreaker();
    await clock.advance(9999);
    expect(breaker.allows()).toBe(false);
    await clock.advance(1);
    expect([breaker.allows(), breaker.allows()]).toEqual([true, false]);
    breaker.failed();
    await clock.advance(9999);
    expect(breaker.allows()).toBe(false);
    await clock.advance(1);
    expect(breaker.allows()).toBe(true);
    breaker.succeeded();
    expect([breaker.allows(), breaker.allows()]).toEqual([true, true]);
  });

  it('lets the next one through when a trial is never told about', async () => {
    const { clock, breaker } = openBreaker();
    await clock.advance(10_000);
    expect(breaker.allows()).toBe(true);
    await clock.advance(10_000);
    expect(breaker.allows()).toBe(true);
  });
});
