import type { Comparison, Filter } from '../contract/filter.ts';
import { VALUE_FORMATS } from '../contract/record.ts';
import { headerOf } from './content-type.ts';
import type { DeliveryRecord } from './delivery-record.ts';

/** Whether a record passes. */
export type Predicate = (record: DeliveryRecord) => boolean;

type Attribute = (record: DeliveryRecord) => string | undefined;
type Compare = (actual: string, expected: string) => boolean;

const HEADER = 'header.';
const VALUE = 'value.';
const BRACE = 0x7b;

/** The value's fields, read once for a record however many filters ask. */
const FIELDS = new WeakMap<DeliveryRecord, ReadonlyMap<string, string>>();
const NO_FIELDS: ReadonlyMap<string, string> = new Map();

const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
};

const readFields = ({ value, valueFormat }: DeliveryRecord): ReadonlyMap<string, string> => {
  if (value === null || valueFormat === VALUE_FORMATS.text || !value.includes(BRACE)) return NO_FIELDS;
  try {
    const parsed: unknown = JSON.parse(value.toString());
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return NO_FIELDS;
    const rows = Object.entries(parsed).map(([name, field]) => [name, textOf(field)] as const);
    return new Map(rows.filter((row): row is readonly [string, string] => row[1] !== undefined));
  } catch {
    return NO_FIELDS;
  }
};

const fieldsOf = (record: DeliveryRecord): ReadonlyMap<string, string> => {
  const known = FIELDS.get(record);
  if (known !== undefined) return known;
  const fields = readFields(record);
  FIELDS.set(record, fields);
  return fields;
};

const attributeOf = (name: string): Attribute => {
  if (name.startsWith(HEADER)) {
    const header = name.slice(HEADER.length);
    return (record) => headerOf(record, header);
  }
  if (name.startsWith(VALUE)) {
    const field = name.slice(VALUE.length);
    return (record) => fieldsOf(record).get(field);
  }
  return ({ key }) => key?.toString();
};

/** What a record does not have is like nothing. */
const comparison = (expected: Comparison | null | undefined, compare: Compare): Predicate[] =>
  Object.entries(expected ?? {}).map(([name, text]) => {
    const attribute = attributeOf(name);
    return (record) => {
      const actual = attribute(record);
      return actual !== undefined && compare(actual, text);
    };
  });

const partsOf = ({ exact, prefix, suffix, all, any, not }: Filter): Predicate[] => {
  const parts = [
    ...comparison(exact, (actual, expected) => actual === expected),
    ...comparison(prefix, (actual, expected) => actual.startsWith(expected)),
    ...comparison(suffix, (actual, expected) => actual.endsWith(expected)),
    ...(all ?? []).map(compileFilter),
  ];
  if (any) {
    const some = any.map(compileFilter);
    parts.push((record) => some.some((passes) => passes(record)));
  }
  if (not) {
    const inner = compileFilter(not);
    parts.push((record) => !inner(record));
  }
  return parts;
};

/** Taken apart once: what is left is one call for each comparison. */
export const compileFilter = (filter: Filter): Predicate => {
  const parts = partsOf(filter);
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return (record) => parts.every((passes) => passes(record));
};
