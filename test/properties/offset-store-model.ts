import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import type { OffsetStore } from '../../shared/ports/offset-store.ts';
import type { Open } from '../contracts/checks.ts';
import { checkAsync } from '../support/check.ts';
import { offsetStoreCommands } from './offset-store-commands.ts';
import { createWorld, expectWholeIndex } from './offset-store-world.ts';

/**
 * Random histories of writers, lost and late answers, dying sealers, trims and topics made again, on the store and on a plain list: both
 * have to say the same at every step.
 */
export const describeOffsetStoreModel = (name: string, open: Open<OffsetStore>, numRuns: number): void => {
  describe(`${name}: offset store`, () => {
    it('behaves like a plain list after any history', { timeout: 60_000 }, async () => {
      const property = fc.asyncProperty(offsetStoreCommands, async (commands) => {
        const opened = await open();
        try {
          const { model, real } = await createWorld(opened);
          await fc.asyncModelRun(() => ({ model, real }), commands);
          await expectWholeIndex(model, real);
        } finally {
          await opened.close();
        }
      });
      await checkAsync(property, { numRuns, seed: 20_251_009 });
    });
  });
};
