import type { SkippedRange } from '../../client/fetched.ts';
import { note } from '../output/write.ts';

/** Retention or an operator was faster than the reader: that is no error, and nothing to be silent about. */
export const noteSkipped = (ranges: readonly Pick<SkippedRange, 'partition' | 'from' | 'to'>[]): void => {
  for (const { partition, from, to } of ranges) {
    note(`chasqui: records ${from} to ${to - 1} of partition ${partition} are gone; going on at ${to}.`);
  }
};
