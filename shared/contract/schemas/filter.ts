import * as z from 'zod';
import type { Filter } from '../filter.ts';
import { LIMITS } from '../limits.ts';

const NAME_RULE = { error: 'must have names of the form "key", "header.<name>" or "value.<field>" only' };
const COMPARISON_RULE = { error: 'must be an object of attribute names, each with the text that it is compared with' };
const LIST_RULE = { error: 'must be a list of one or more filters' };
const FILTER_RULE = 'must be an object of exact, prefix, suffix, all, any and not';

const ATTRIBUTE = /^(?:key|(?:header|value)\..{1,256})$/s;

const COMPARISON = z
  .record(z.string(), z.string({ error: 'must be a text' }), COMPARISON_RULE)
  .refine((comparison) => Object.keys(comparison).length > 0, COMPARISON_RULE)
  .refine((comparison) => Object.keys(comparison).every((name) => ATTRIBUTE.test(name)), NAME_RULE);

const NODE = z
  .strictObject(
    {
      exact: COMPARISON.nullish(),
      prefix: COMPARISON.nullish(),
      suffix: COMPARISON.nullish(),
      get all() {
        return LIST;
      },
      get any() {
        return LIST;
      },
      get not(): z.ZodType<Filter | null | undefined> {
        return NODE.nullish() as unknown as z.ZodType<Filter | null | undefined>;
      },
    },
    { error: (issue) => (issue.code === 'invalid_type' ? FILTER_RULE : undefined) },
  )
  .meta({ id: 'Filter' });

const LIST: z.ZodType<readonly Filter[] | null | undefined> = z
  .array(
    z.lazy(() => NODE as unknown as z.ZodType<Filter>),
    LIST_RULE,
  )
  .min(1, LIST_RULE)
  .nullish();

const innerOf = (filter: Filter): Filter[] => [
  ...(filter.all ?? []),
  ...(filter.any ?? []),
  ...(filter.not ? [filter.not] : []),
];

const sizeOf = (filter: Filter): number => {
  const own = [filter.exact, filter.prefix, filter.suffix].map((part) => Object.keys(part ?? {}).length);
  return [...own, ...innerOf(filter).map(sizeOf)].reduce((sum, size) => sum + size, 1);
};

const depthOf = (filter: Filter): number => 1 + Math.max(0, ...innerOf(filter).map(depthOf));

const asFilter = (node: unknown): Filter => node as Filter;

export const FILTER = NODE.refine((node) => sizeOf(asFilter(node)) <= LIMITS.filterSize, {
  error: `must have at most ${LIMITS.filterSize} comparisons and operators`,
}).refine((node) => depthOf(asFilter(node)) <= LIMITS.filterDepth, {
  error: `must not be nested deeper than ${LIMITS.filterDepth}`,
});
