import { describe, expect, it } from 'vitest';
import { retry } from '../../../shared/lib/retry.ts';

const POLICY = { attempts: 4, baseMs: 10, maxMs: 25 };

const attemptsOf = async (failures: readonly Error[], again: (error: unknown) => boolean) => {
  const left = [...failures];
  const pauses: number[] = [];
  const world = { fraction: () => 0.5, sleep: async (ms: number) => void pauses.push(ms) };
  const seen: number[] = [];
  const perform = async (attempt: number): Promise<string> => {
    seen.push(attempt);
    const failure = left.shift();
    if (failure !== undefined) throw failure;
    return 'done';
  };
  const answer = await retry(world, POLICY, perform, again).catch((error: Error) => error.message);
  return { answer, seen, pauses };
};

const failures = (count: number): Error[] => Array.from({ length: count }, (_, at) => new Error(`failure ${at + 1}`));

describe('retry', () => {
  it('pauses with full jitter, doubled up to a bound', async () => {
    const { answer, seen, pauses } = await attemptsOf(failures(3), () => true);
    expect(answer).toBe('done');
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(pauses).toEqual([5, 10, 12.5]);
  });

  it('throws the last error when the attempts are used up', async () => {
    expect(await attemptsOf(failures(9), () => true)).toMatchObject({ answer: 'failure 4', seen: [1, 2, 3, 4] });
  });

  it('throws at once what is not to be tried again', async () => {
    expect(await attemptsOf(failures(9), () => false)).toMatchObject({ answer: 'failure 1', pauses: [] });
  });
});
