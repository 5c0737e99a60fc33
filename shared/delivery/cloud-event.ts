import { encodePercent } from '../lib/encode-percent.ts';
import { isRfc3339 } from '../lib/rfc3339.ts';
import { isUtf8 } from '../lib/utf8.ts';
import { headerOf } from './content-type.ts';
import type { DeliveryRecord } from './delivery-record.ts';

export interface EventSource {
  readonly topic: string;
  /** Stable over retries. */
  readonly webhookId: string;
}

const PREFIX = 'ce_';
const TYPE = 'dev.chasqui.record';
const ATTRIBUTE = /^ce_[a-z0-9]+$/;
const REQUIRED = ['ce_specversion', 'ce_id', 'ce_source', 'ce_type'];
/** What a String of CloudEvents 1.0 (section 3.1) cannot hold. */
const FORBIDDEN = /[\p{Control}\p{Surrogate}\p{Noncharacter_Code_Point}]/u;

/** A key is bytes, an attribute is text: what is none goes percent-encoded. Undefined for none, and for an empty one. */
const keyText = ({ key }: DeliveryRecord): string | undefined => {
  if (key === null || key.length === 0) return undefined;
  const text = key.toString();
  return isUtf8(key) && !FORBIDDEN.test(text) ? text : encodePercent(key);
};

const isEvent = (record: DeliveryRecord): boolean =>
  REQUIRED.every((name) => (headerOf(record, name) ?? '') !== '') && headerOf(record, 'ce_specversion') === '1.0';

/** The Kafka protocol binding read backwards: what was stored as an event is the same event again. */
const storedAttributes = (record: DeliveryRecord): Map<string, string> => {
  const attributes = new Map<string, string>();
  for (const { name, value } of record.headers) {
    const text = value.toString();
    if (ATTRIBUTE.test(name) && text !== '' && !FORBIDDEN.test(text)) attributes.set(name.slice(PREFIX.length), text);
  }
  const time = attributes.get('time');
  if (time !== undefined && !isRfc3339(time)) attributes.delete('time');
  return attributes;
};

const plainAttributes = (record: DeliveryRecord, { topic, webhookId }: EventSource): Map<string, string> => {
  const attributes = new Map([
    ['specversion', '1.0'],
    ['id', webhookId],
    ['source', `/topics/${topic}`],
    ['type', TYPE],
    ['time', new Date(record.timestamp).toISOString()],
  ]);
  const key = keyText(record);
  if (key !== undefined) attributes.set('subject', key).set('partitionkey', key);
  return attributes;
};

/** The context attributes of the event that a record is, or is made into; without `datacontenttype`. */
export const eventAttributes = (record: DeliveryRecord, source: EventSource): Map<string, string> => {
  const attributes = isEvent(record) ? storedAttributes(record) : plainAttributes(record, source);
  attributes.delete('datacontenttype');
  attributes.delete('data');
  return attributes;
};
