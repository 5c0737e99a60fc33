import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlipTrial } from './flip-trial.ts';

/** Where a disk has lied. Flips are spread over every file; each is tried on a fresh copy of the folder, with a start of its own. */
const FLIPS = Number(process.env['CHASQUI_FLIPS'] ?? 16);
const SEED = Number(process.env['CHASQUI_SEED'] ?? 20_260_101);

describe('bytes that changed on disk', () => {
  const trial = new FlipTrial(SEED);
  beforeAll(() => trial.prepare());
  afterAll(() => trial.cleanup());

  it('are an error that names the place, or make no difference: never other data, never less of it', async () => {
    const verdicts: string[] = [];
    for (const damage of await trial.damages(FLIPS)) verdicts.push(`${damage}: ${await trial.judge(damage)}`);
    const harmed = verdicts.filter((verdict) => !/: (unharmed|refused to start|refused to answer)/.test(verdict));
    console.log(verdicts.map((verdict) => verdict.slice(0, 160)).join('\n'));
    expect(harmed).toEqual([]);
  }, 120_000);
});
