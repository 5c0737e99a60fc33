import { VALUE_FORMATS, type ValueFormat } from '../contract/record.ts';
import type { DeliveryRecord } from './delivery-record.ts';

const BY_FORMAT: Record<ValueFormat, string> = {
  [VALUE_FORMATS.unknown]: 'application/octet-stream',
  [VALUE_FORMATS.json]: 'application/json',
  [VALUE_FORMATS.text]: 'text/plain; charset=utf-8',
};

/** What a header of HTTP may hold. */
const VISIBLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const JSON_TYPE = /^[^/;]+\/(?:[^/;]+\+)?json\s*(?:;|$)/i;

export const headerOf = ({ headers }: DeliveryRecord, name: string): string | undefined =>
  headers.findLast((header) => header.name === name)?.value.toString();

/** As its producer said, else as its bytes are known to be. Undefined: a tombstone, which is of no type. */
export const contentTypeOf = (record: DeliveryRecord): string | undefined => {
  if (record.value === null) return undefined;
  const given = headerOf(record, 'content-type');
  return given !== undefined && VISIBLE.test(given) ? given : BY_FORMAT[record.valueFormat];
};

/** The value is a JSON text, by its type and by what was proved when it was produced. */
export const isJsonValue = (record: DeliveryRecord): boolean =>
  record.valueFormat === VALUE_FORMATS.json && JSON_TYPE.test(contentTypeOf(record) ?? '');
