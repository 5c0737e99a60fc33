import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Comparison, Filter } from '../../../shared/contract/filter.ts';
import { VALUE_FORMATS } from '../../../shared/contract/record.ts';
import type { DeliveryRecord } from '../../../shared/delivery/delivery-record.ts';
import { compileFilter } from '../../../shared/delivery/filter.ts';
import { check } from '../../support/check.ts';

interface Plain {
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Readonly<Record<string, unknown>>;
}

const TEXTS = ['', 'a', 'ab', 'ba', 'true', '1'];
const NAMES = ['key', 'header.a', 'header.b', 'value.a', 'value.b'];

/** The dialects read aloud, one after another. */
const holds = (filter: Filter, record: Plain): boolean => {
  const actual = (name: string): string | undefined => {
    if (name === 'key') return record.key ?? undefined;
    if (name.startsWith('header.')) return record.headers[name.slice(7)];
    const field = record.value[name.slice(6)];
    return typeof field === 'object' || field === undefined ? undefined : String(field);
  };
  const every = (part: Comparison | undefined, like: (text: string, wanted: string) => boolean): boolean =>
    Object.entries(part ?? {}).every(([name, wanted]) => {
      const text = actual(name);
      return text !== undefined && like(text, wanted);
    });
  return (
    every(filter.exact, (text, wanted) => text === wanted) &&
    every(filter.prefix, (text, wanted) => text.startsWith(wanted)) &&
    every(filter.suffix, (text, wanted) => text.endsWith(wanted)) &&
    (filter.all ?? []).every((inner) => holds(inner, record)) &&
    (filter.any === undefined || filter.any.some((inner) => holds(inner, record))) &&
    (filter.not === undefined || !holds(filter.not, record))
  );
};

const text = fc.constantFrom(...TEXTS);
const comparison = fc.dictionary(fc.constantFrom(...NAMES), text, { minKeys: 1, maxKeys: 2 });
const { filter } = fc.letrec<{ filter: Filter; plain: Filter; nested: Filter }>((tie) => {
  const list = fc.array(tie('filter'), { minLength: 1, maxLength: 3, depthIdentifier: 'filter' });
  const plain = { exact: comparison, prefix: comparison, suffix: comparison };
  const arbitraryOf = (fields: object) => fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Filter>;
  return {
    filter: fc.oneof({ maxDepth: 3, depthIdentifier: 'filter' }, tie('plain'), tie('nested')),
    plain: arbitraryOf(plain),
    nested: arbitraryOf({ ...plain, all: list, any: list, not: tie('filter') }),
  };
});

const record: fc.Arbitrary<Plain> = fc.record({
  key: fc.option(text),
  headers: fc.dictionary(fc.constantFrom('a', 'b'), text),
  value: fc.dictionary(
    fc.constantFrom('a', 'b'),
    fc.oneof(text, fc.boolean(), fc.constantFrom(1, 1.5), fc.constant(null), fc.constant([])),
  ),
});

const stored = ({ key, headers, value }: Plain): DeliveryRecord => ({
  offset: 0,
  timestamp: 0,
  key: key === null ? null : Buffer.from(key),
  value: Buffer.from(JSON.stringify(value)),
  valueFormat: VALUE_FORMATS.json,
  headers: Object.entries(headers).map(([name, header]) => ({ name, value: Buffer.from(header) })),
  bytes: 0,
});

it('lets pass what a plain reading of the filter lets pass', () => {
  check(
    fc.property(filter, record, (one, plain) => {
      expect(compileFilter(one)(stored(plain))).toBe(holds(one, plain));
    }),
    { numRuns: 2000 },
  );
});

it('takes a value that is no object for one without fields', () => {
  const plain = { ...stored({ key: null, headers: {}, value: {} }), value: Buffer.from('[{"a":1}]') };
  expect(compileFilter({ exact: { 'value.a': '1' } })(plain)).toBe(false);
  expect(compileFilter({ not: { exact: { 'value.a': '1' } } })({ ...plain, value: null })).toBe(true);
});
