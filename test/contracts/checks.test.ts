import { describe, expect } from 'vitest';
import { checksOf } from './checks.ts';

interface Register {
  write(value: number): Promise<void>;
  read(): Promise<number>;
}

const registerOn = (disk: { value: number }): Register => ({
  write: async (value) => {
    disk.value = value;
  },
  read: async () => disk.value,
});

describe('checksOf', () => {
  let reopened = 0;
  let closed = 0;
  const open = async () => {
    const disk = { value: 0 };
    const reopen = async (): Promise<Register> => {
      reopened += 1;
      return registerOn(disk);
    };
    return {
      store: registerOn(disk),
      reopen,
      close: async () => {
        closed += 1;
      },
    };
  };
  const check = checksOf<Register>(open, ['read']);

  let runs = 0;
  check('runs a test a second time, with a reopening before each read that follows a write', async (store) => {
    runs += 1;
    expect(await store.read()).toBe(0);
    await store.write(1);
    await store.write(2);
    expect(await store.read()).toBe(2);
    expect(await store.read()).toBe(2);
    await store.write(3);
    expect(await store.read()).toBe(3);
    expect(reopened).toBe(runs === 1 ? 0 : 2);
  });

  check('has closed what it opened', async () => {
    expect(runs).toBe(2);
    expect(closed).toBeGreaterThanOrEqual(2);
  });
});
