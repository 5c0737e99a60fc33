import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Open } from '../contracts/checks.ts';
import { checkAsync } from '../support/check.ts';
import { createListedTopic } from './listed-topic.ts';
import { steps } from './log-steps.ts';
import { openStoredTopic, type Stores } from './stored-topic.ts';

/** The same for every store: what one answers, all have to answer. */
const SEED = 20_261_122;

/**
 * Histories of produce, fetch and trim, of lost answers, sealers that die and topics made again, through the domain and on plain lists:
 * every answer has to be equal. Run `n` is the same history on every store.
 */
export const describeLogHistory = (name: string, open: Open<Stores>, numRuns: number): void => {
  describe(`${name}: a topic`, () => {
    it('answers as plain lists do, whatever happens below it', { timeout: 120_000 }, async () => {
      const property = fc.asyncProperty(steps, async (history) => {
        const opened = await open();
        try {
          const [listed, stored] = [createListedTopic(), await openStoredTopic(opened)];
          for (const step of history)
            expect(await stored.perform(step), JSON.stringify(step)).toEqual(await listed.perform(step));
        } finally {
          await opened.close();
        }
      });
      await checkAsync(property, { numRuns, seed: SEED });
    });
  });
};
