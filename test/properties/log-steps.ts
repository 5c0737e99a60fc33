import * as fc from 'fast-check';

export const PARTITIONS = 3;

/** What is done to a topic, at its own level: the same steps for the bus and for plain lists. */
export type Step =
  | {
      readonly kind: 'produce';
      readonly partitions: readonly number[];
      readonly lost: Lost;
      readonly onlyAt: 'any' | 'end' | 'behind';
    }
  | { readonly kind: 'burst'; readonly partition: number; readonly commits: number; readonly sealersDie: boolean }
  | { readonly kind: 'once'; readonly key: number; readonly partitions: readonly number[]; readonly lost: Lost }
  | { readonly kind: 'fetch'; readonly partition: number; readonly percent: number; readonly limit: number }
  | { readonly kind: 'since'; readonly partition: number; readonly timestamp: number }
  | { readonly kind: 'trim'; readonly partition: number; readonly percent: number }
  | { readonly kind: 'deliver' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'recreate' };

/** Of the next commit: its answer, the request, or both for now. */
export type Lost = 'nothing' | 'done' | 'never' | 'late';

const partition = fc.nat(PARTITIONS - 1);
const partitions = fc.array(partition, { minLength: 1, maxLength: 6 });
const lost = fc.constantFrom<Lost>('nothing', 'nothing', 'nothing', 'done', 'never', 'late');
/** Of the log, a little more than all of it included. */
const percent = fc.nat(108);

const produce = fc.record({
  kind: fc.constant('produce' as const),
  partitions,
  lost,
  onlyAt: fc.constantFrom('any' as const, 'any' as const, 'end' as const, 'behind' as const),
});
const burst = fc.record({
  kind: fc.constant('burst' as const),
  partition,
  commits: fc.integer({ min: 5, max: 40 }),
  sealersDie: fc.boolean(),
});
const once = fc.record({ kind: fc.constant('once' as const), key: fc.nat(4), partitions, lost });
const limit = fc.constantFrom(1, 10, 1000);
const fetch = fc.record({ kind: fc.constant('fetch' as const), partition, percent, limit });
const since = fc.record({ kind: fc.constant('since' as const), partition, timestamp: fc.nat(100) });
const trim = fc.record({ kind: fc.constant('trim' as const), partition, percent });
const others = fc.constantFrom('deliver' as const, 'restart' as const, 'recreate' as const).map((kind) => ({ kind }));

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: produce },
    { weight: 3, arbitrary: burst },
    { weight: 2, arbitrary: once },
    { weight: 3, arbitrary: fetch },
    { weight: 1, arbitrary: since },
    { weight: 1, arbitrary: trim },
    { weight: 1, arbitrary: others },
  ),
  { minLength: 10, maxLength: 30 },
);

/** What a world answers to each step, as plain data: equal for equal steps, whatever is below. */
export interface World {
  perform(step: Step): Promise<unknown>;
}
