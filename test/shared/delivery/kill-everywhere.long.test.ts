import { describe, expect, it } from 'vitest';
import { CELLS, callsOf, killAndJudge } from './kill-everywhere.ts';

describe('a worker that dies at any of its calls loses nothing, repeats only what it had under way, and keeps the order', () => {
  it.each(CELLS.map((cell) => [Object.values(cell).join(', '), cell] as const))('%s the call', async (_, cell) => {
    const faults: string[] = [];
    const calls = await callsOf(cell);
    for (let killAt = 0; killAt < calls; killAt += 1) faults.push(...(await killAndJudge(cell, killAt)));
    expect(faults).toEqual([]);
  });
});
