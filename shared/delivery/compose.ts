import { encodeHeaderText, encodePercent } from '../lib/encode-percent.ts';
import type { Subscription } from '../ports/subscription-store.ts';
import { eventAttributes } from './cloud-event.ts';
import { contentTypeOf } from './content-type.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import { eventBatch, structuredEvent } from './structured-event.ts';

/** Where a record is from. */
export interface Origin {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
}

export interface Composed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const NO_BYTES = Buffer.alloc(0);
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

export const webhookIdOf = ({ topicId, partition }: Origin, first: number, last = first): string =>
  `${topicId}.${partition}.${first === last ? first : `${first}-${last}`}`;

const typed = (type: string | undefined): Record<string, string> =>
  type === undefined ? {} : { 'content-type': type };

const sourceOf = (origin: Origin, { offset }: DeliveryRecord) => ({
  topic: origin.topic,
  webhookId: webhookIdOf(origin, offset),
});

const binary = (record: DeliveryRecord, origin: Origin): Composed => {
  const attributes = eventAttributes(record, sourceOf(origin, record));
  const rows = [...attributes].map(([name, text]) => [`ce-${name}`, encodeHeaderText(text)]);
  return { headers: { ...Object.fromEntries(rows), ...typed(contentTypeOf(record)) }, body: record.value ?? NO_BYTES };
};

const structured = (record: DeliveryRecord, origin: Origin): Composed => ({
  headers: typed('application/cloudevents+json; charset=utf-8'),
  body: structuredEvent(record, sourceOf(origin, record)),
});

const batch = (records: readonly DeliveryRecord[], origin: Origin): Composed => ({
  headers: typed('application/cloudevents-batch+json; charset=utf-8'),
  body: eventBatch(records, (record) => sourceOf(origin, record)),
});

/** As it came in on the way here: UTF-8, byte for byte. What no header can hold goes percent-encoded. */
const headerValue = (value: Buffer): string =>
  value.some((byte) => (byte < 0x20 && byte !== 0x09) || byte === 0x7f)
    ? encodePercent(value)
    : value.toString('latin1');

const raw = (record: DeliveryRecord, { topic, partition }: Origin): Composed => {
  const headers: Record<string, string> = {
    ...typed(contentTypeOf(record)),
    'chasqui-topic': topic,
    'chasqui-partition': String(partition),
    'chasqui-offset': String(record.offset),
    'chasqui-timestamp': String(record.timestamp),
  };
  if (record.key !== null) headers['chasqui-key'] = encodePercent(record.key);
  if (record.value === null) headers['chasqui-tombstone'] = 'true';
  for (const { name, value } of record.headers) {
    if (TOKEN.test(name)) headers[`chasqui-header-${name}`] = headerValue(value);
  }
  return { headers, body: record.value ?? NO_BYTES };
};

/** The body and the headers that say what it is; not yet signed. */
export const compose = (
  { format, batch: batches }: Pick<Subscription, 'format' | 'batch'>,
  records: readonly DeliveryRecord[],
  origin: Origin,
): Composed => {
  if (batches !== undefined) return batch(records, origin);
  const record = records[0]!;
  if (format === 'raw') return raw(record, origin);
  return format === 'cloudevents' ? binary(record, origin) : structured(record, origin);
};
