import { expect, it } from 'vitest';
import { Bell } from '../../../shared/delivery/bell.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const waiting = (bell: Bell, timeoutMs: number) => {
  const wait = { over: false };
  const over = (): void => {
    wait.over = true;
  };
  bell.next(timeoutMs).then(over, over);
  return wait;
};

it('wakes at a ring, at one that came before, and when the time is over', async () => {
  const clock = createFakeClock();
  const bell = new Bell(clock);
  bell.ring();
  await bell.next(1000);
  const rung = waiting(bell, 1000);
  await clock.advance(10);
  expect(rung.over).toBe(false);
  bell.ring();
  await clock.advance(0);
  expect(rung.over).toBe(true);
  const late = waiting(bell, 1000);
  await clock.advance(1000);
  expect(late.over).toBe(true);
});

it('sleeps once however often it is rung, and never longer than it is asked to', async () => {
  const clock = createFakeClock();
  const bell = new Bell(clock);
  for (let n = 0; n < 10; n += 1) {
    const wait = waiting(bell, 1000);
    await clock.advance(1);
    bell.ring();
    await clock.advance(0);
    expect(wait.over).toBe(true);
    expect(clock.sleeping()).toBe(1);
  }
  const short = waiting(bell, 5);
  await clock.advance(5);
  expect(short.over).toBe(true);
  bell.rest();
  await clock.advance(0);
  expect(clock.sleeping()).toBe(0);
});
