import { VALUE_FORMATS } from '../contract/record.ts';
import { isUtf8 } from '../lib/utf8.ts';
import { type EventSource, eventAttributes } from './cloud-event.ts';
import { contentTypeOf, isJsonValue } from './content-type.ts';
import type { DeliveryRecord } from './delivery-record.ts';

const CLOSE = Buffer.from('}');
const END = Buffer.from(']');
const TEXT_TYPE = /^text\//i;

/** The data member, up to bytes that go in as they are: JSON as it was stored, every digit; text as a string; the rest as base64. */
const dataOf = (record: DeliveryRecord): { readonly text: string; readonly bytes?: Buffer } => {
  const { value, valueFormat } = record;
  if (value === null) return { text: '' };
  if (isJsonValue(record)) return { text: ',"data":', bytes: value };
  const isText = valueFormat === VALUE_FORMATS.text || TEXT_TYPE.test(contentTypeOf(record) ?? '');
  if (isText && isUtf8(value)) return { text: `,"data":${JSON.stringify(value.toString())}` };
  return { text: `,"data_base64":"${value.toString('base64')}"` };
};

/** Behind `lead`. In parts, so that what is large is copied once. */
const partsOf = (record: DeliveryRecord, source: EventSource, lead: string): Buffer[] => {
  const attributes = eventAttributes(record, source);
  const type = contentTypeOf(record);
  if (type !== undefined) attributes.set('datacontenttype', type);
  const members = JSON.stringify(Object.fromEntries(attributes)).slice(0, -1);
  const { text, bytes } = dataOf(record);
  const head = Buffer.from(lead + members + text);
  return bytes === undefined ? [head, CLOSE] : [head, bytes, CLOSE];
};

/** A record as an event in CloudEvents' JSON format (1.0.2). */
export const structuredEvent = (record: DeliveryRecord, source: EventSource): Buffer =>
  Buffer.concat(partsOf(record, source, ''));

/** The JSON batch format. */
export const eventBatch = (
  records: readonly DeliveryRecord[],
  sourceOf: (record: DeliveryRecord) => EventSource,
): Buffer => {
  const parts = records.flatMap((record, at) => partsOf(record, sourceOf(record), at === 0 ? '[' : ','));
  return Buffer.concat([...parts, END]);
};
