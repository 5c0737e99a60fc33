import { VALUE_FORMATS } from '../contract/record.ts';
import { isUtf8 } from '../lib/utf8.ts';
import { type EventSource, eventAttributes } from './cloud-event.ts';
import { contentTypeOf, isJsonValue } from './content-type.ts';
import type { DeliveryRecord } from './delivery-record.ts';

const CLOSE = Buffer.from('}');
const COMMA = Buffer.from(',');
const TEXT_TYPE = /^text\//i;

/** The data member: JSON goes in as it was stored, every digit and every byte; text as a string; the rest as base64. */
const dataOf = (record: DeliveryRecord): Buffer[] => {
  const { value, valueFormat } = record;
  if (value === null) return [];
  if (isJsonValue(record)) return [Buffer.from(',"data":'), value];
  const isText = valueFormat === VALUE_FORMATS.text || TEXT_TYPE.test(contentTypeOf(record) ?? '');
  if (isText && isUtf8(value)) return [Buffer.from(`,"data":${JSON.stringify(value.toString())}`)];
  return [Buffer.from(`,"data_base64":"${value.toString('base64')}"`)];
};

/** A record as an event in CloudEvents' JSON format (1.0.2). */
export const structuredEvent = (record: DeliveryRecord, source: EventSource): Buffer => {
  const attributes = eventAttributes(record, source);
  const type = contentTypeOf(record);
  if (type !== undefined) attributes.set('datacontenttype', type);
  const members = JSON.stringify(Object.fromEntries(attributes)).slice(0, -1);
  return Buffer.concat([Buffer.from(members), ...dataOf(record), CLOSE]);
};

/** The JSON batch format. */
export const eventBatch = (events: readonly Buffer[]): Buffer => {
  const parts = events.flatMap((event, at) => (at === 0 ? [event] : [COMMA, event]));
  return Buffer.concat([Buffer.from('['), ...parts, Buffer.from(']')]);
};
