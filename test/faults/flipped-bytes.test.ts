import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlipTrial } from './flip-trial.ts';

/** Where a disk has lied. Flips are spread over every file; each is tried on a fresh copy of the folder, with a start of its own. */
const FLIPS = Number(process.env['CHASQUI_FLIPS'] ?? 6);
const SEED = Number(process.env['CHASQUI_SEED'] ?? 20_260_101);

describe.each(['stop', 'kill'] as const)('bytes that changed on disk after a %s', (ending) => {
  const trial = new FlipTrial(SEED, ending);
  beforeAll(() => trial.prepare());
  afterAll(() => trial.cleanup());

  it('are an error that names the place, or make no difference: never other data, never less of it', async () => {
    const verdicts: string[] = [];
    for (const damage of await trial.damages(FLIPS)) verdicts.push(`${damage}: ${await trial.judge(damage)}`);
    expect(verdicts.filter((verdict) => verdict.includes(': HARMED'))).toEqual([]);
  }, 600_000);
});
