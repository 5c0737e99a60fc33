import { CloudEvent, HTTP } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../shared/contract/limits.ts';
import { VALUE_FORMATS } from '../../../../shared/contract/record.ts';
import { parseEvents } from '../../../../shared/http/records/parse-events.ts';
import { faultOf } from '../../../support/fault-of.ts';

const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';
const EVENT = { specversion: '1.0', id: '1', source: '/s', type: 't' };
const BINARY = ['ce-specversion', '1.0', 'ce-id', '1', 'CE-Source', '/s', 'Ce-Type', 't'];

const structured = (body: unknown, contentType = STRUCTURED) =>
  parseEvents({ body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), contentType, headers: [] });
const event = (fields: object) => structured({ ...EVENT, ...fields })[0]!;
const binary = (headers: readonly string[], body = '', contentType?: string) =>
  parseEvents({ body: Buffer.from(body), contentType, headers: [...BINARY, ...headers] })[0]!;
const headersOf = ({ headers }: ReturnType<typeof event>) =>
  Object.fromEntries(headers.map(({ name, value }) => [name, Buffer.from(value).toString()]));

const REQUIRED = { ce_specversion: '1.0', ce_id: '1', ce_source: '/s', ce_type: 't' };

describe('parseEvents', () => {
  const sample = new CloudEvent({
    id: 'id-1',
    source: '/orders/Zurich',
    type: 'order.made',
    subject: 'ö "1" 100%',
    time: '2026-01-02T03:04:05.678Z',
    dataschema: 'https://example.com/schema',
    datacontenttype: 'application/json',
    data: { price: 12.5, name: 'é' },
    partitionkey: 'customer-7',
    sequence: 5,
    urgent: true,
  });
  const stored = {
    ce_id: 'id-1',
    ce_source: '/orders/Zurich',
    ce_type: 'order.made',
    ce_specversion: '1.0',
    ce_subject: 'ö "1" 100%',
    ce_time: '2026-01-02T03:04:05.678Z',
    ce_dataschema: 'https://example.com/schema',
    ce_partitionkey: 'customer-7',
    ce_sequence: '5',
    ce_urgent: 'true',
    'content-type': 'application/json',
  };

  it('stores what the CloudEvents SDK sends, structured', () => {
    const { headers, body } = HTTP.structured(sample);
    const contentType = String(headers['content-type']);
    const [record] = parseEvents({ body: Buffer.from(String(body)), contentType, headers: [] });
    expect(contentType).toContain(STRUCTURED);
    expect(headersOf(record!)).toEqual(stored);
    expect(record).toMatchObject({ key: Buffer.from('customer-7'), valueFormat: VALUE_FORMATS.json });
    expect(JSON.parse(String(record!.value))).toEqual(sample.data);
    expect(record).not.toHaveProperty('timestamp');
  });

  it('stores the same of the same event in binary mode, percent-encoded', () => {
    const { headers, body } = HTTP.binary(sample);
    const encoded = Object.entries(headers).flatMap(([name, value]) => [
      name,
      name.startsWith('ce-') ? encodeURI(String(value)).replace(/"/g, '%22') : String(value),
    ]);
    const [record] = parseEvents({
      body: Buffer.from(String(body)),
      contentType: 'application/json',
      headers: encoded,
    });
    expect(headersOf(record!)).toEqual({ ...stored, 'content-type': 'application/json' });
    expect(record).toMatchObject({ key: Buffer.from('customer-7'), valueFormat: VALUE_FORMATS.json });
  });

  it('reads a batch of the SDK’s events in order', () => {
    const events = ['a', 'b', 'c'].map((id) => new CloudEvent({ id, source: '/s', type: 't', data: { id } }));
    const records = structured(
      events.map((one) => one.toJSON()),
      BATCH,
    );
    expect(records.map((record) => headersOf(record)['ce_id'])).toEqual(['a', 'b', 'c']);
  });
});

describe('a structured event', () => {
  it('keeps JSON data byte for byte, and says that it is JSON', () => {
    const [record] = structured(
      `{"specversion":"1.0","id":"1","source":"/s","type":"t","data":{ "n":12345678901234567890 }}`,
    );
    expect(String(record!.value)).toBe('{ "n":12345678901234567890 }');
    expect(headersOf(record!)).toEqual({ ...REQUIRED, 'content-type': 'application/json' });
  });

  it.each<[object, string, number]>([
    [{ data: 'text', datacontenttype: 'text/plain' }, 'text', VALUE_FORMATS.text],
    [{ data: '<a/>', datacontenttype: 'application/xml' }, '<a/>', VALUE_FORMATS.text],
    [{ data: 'text', datacontenttype: 'application/vnd.x+json' }, '"text"', VALUE_FORMATS.json],
    [{ data: 'text' }, '"text"', VALUE_FORMATS.json],
    [{ data: { a: 1 }, datacontenttype: 'text/plain' }, '{"a":1}', VALUE_FORMATS.json],
    [{ data: false }, 'false', VALUE_FORMATS.json],
    [{ data_base64: 'aGk=', datacontenttype: 'text/plain' }, 'hi', VALUE_FORMATS.text],
    [{ data_base64: 'e30=', datacontenttype: 'application/json' }, '{}', VALUE_FORMATS.json],
    [{ data_base64: 'aGk=' }, 'hi', VALUE_FORMATS.unknown],
    [{ data_base64: 'aGk=', data: null }, 'hi', VALUE_FORMATS.unknown],
    [{ data: null }, '', VALUE_FORMATS.text],
    [{}, '', VALUE_FORMATS.text],
  ])('takes the data of %j', (fields, value, valueFormat) => {
    const record = event(fields);
    expect(String(record.value)).toBe(value);
    expect(record.valueFormat).toBe(valueFormat);
  });

  it('is keyed by its partition key, else its subject, else not at all', () => {
    expect(event({ partitionkey: 'p', subject: 's' }).key).toEqual(Buffer.from('p'));
    expect(event({ subject: 's', partitionkey: null }).key).toEqual(Buffer.from('s'));
    expect(event({}).key).toBeNull();
  });

  it.each<[string | object, string]>([
    [{ ...EVENT, specversion: '0.3' }, 'invalid_request specversion'],
    [{ ...EVENT, specversion: 1 }, 'invalid_request specversion'],
    [{ ...EVENT, id: undefined }, 'invalid_request id'],
    [{ ...EVENT, id: null }, 'invalid_request id'],
    [{ ...EVENT, source: '' }, 'invalid_request source'],
    [{ ...EVENT, type: 5 }, 'invalid_request type'],
    [{ ...EVENT, subject: '' }, 'invalid_request subject'],
    [{ ...EVENT, partitionkey: '' }, 'invalid_request partitionkey'],
    [{ ...EVENT, partitionkey: 7 }, 'invalid_request partitionkey'],
    [{ ...EVENT, datacontenttype: 'json' }, 'invalid_request datacontenttype'],
    [{ ...EVENT, datacontenttype: '' }, 'invalid_request datacontenttype'],
    [{ ...EVENT, time: 'now' }, 'invalid_request time'],
    [{ ...EVENT, myExtension: '1' }, 'invalid_request myExtension'],
    [{ ...EVENT, data_: '1' }, 'invalid_request data_'],
    [{ ...EVENT, ext: 1.5 }, 'invalid_request ext'],
    [{ ...EVENT, ext: {} }, 'invalid_request ext'],
    [{ ...EVENT, ext: [] }, 'invalid_request ext'],
    [{ ...EVENT, ext: '\u0000' }, 'invalid_request ext'],
    [{ ...EVENT, ext: '\ud800' }, 'invalid_request ext'],
    [{ ...EVENT, data: 1, data_base64: '' }, 'invalid_request data_base64'],
    [{ ...EVENT, data_base64: 'x' }, 'invalid_request data_base64'],
    ['{"id":"1","id":"1"}', 'invalid_request id'],
    ['{"specversion":"1.0","id":"1","source":"/s","type":"t","data":1,"data":1}', 'invalid_request data'],
    ['[]', 'invalid_request event'],
    ['{"id":5', 'invalid_json'],
    ['', 'invalid_json'],
    [{ ...EVENT, data: 'x'.repeat(LIMITS.recordBytes) }, 'payload_too_large event'],
  ])('is refused as %j', (body, expected) => {
    expect(faultOf(() => structured(body))).toContain(expected);
  });
});

describe('a batch of events', () => {
  it.each<[unknown, string]>([
    [[], 'invalid_request events'],
    [EVENT, 'invalid_request body'],
    [[EVENT, EVENT, { ...EVENT, source: '' }], 'invalid_request events[2].source'],
    [[EVENT, 1], 'invalid_request events[1]'],
    [[EVENT, { ...EVENT, data: 'x'.repeat(LIMITS.recordBytes) }], 'payload_too_large events[1]'],
    ['[{}', 'invalid_json'],
  ])('is refused', (body, expected) => {
    expect(faultOf(() => structured(body, BATCH))).toContain(expected);
  });
});

describe('a binary event', () => {
  it('takes the body for the data, its content type for the data’s', () => {
    const record = binary(['ce-Ext1', 'x'], '{"a":1}', 'application/json');
    expect(headersOf(record)).toEqual({ ...REQUIRED, ce_ext1: 'x', 'content-type': 'application/json' });
    expect(record).toMatchObject({ key: null, value: Buffer.from('{"a":1}'), valueFormat: VALUE_FORMATS.json });
  });

  it('takes no body for an empty value, never for a tombstone', () => {
    expect(binary([]).value).toEqual(Buffer.alloc(0));
  });

  it.each([
    ['Euro%20%E2%82%AC%20%F0%9F%98%80', 'Euro € 😀'],
    ['"quoted \\"text\\" %C3%A9"', 'quoted "text" é'],
    [Buffer.from('Zürich').toString('latin1'), 'Zürich'],
    ['%2541', '%41'],
  ])('decodes the attribute %s', (value, text) => {
    expect(headersOf(binary(['ce-ext', value]))['ce_ext']).toBe(text);
  });

  it.each<[string[], string]>([
    [['ce-id', '2'], 'invalid_request ce-id'],
    [['ce-my-ext', '2'], 'invalid_request ce-my-ext'],
    [['ce-', '2'], 'invalid_request ce-'],
    [['ce-ext', '%zz'], 'invalid_request ce-ext'],
    [['ce-ext', '%ff'], 'invalid_request ce-ext'],
    [['ce-ext', '%00'], 'invalid_request ce-ext'],
    [['ce-time', 'today'], 'invalid_request ce-time'],
    [['ce-data', 'x'], 'invalid_request ce-data'],
    [['ce-datacontenttype', 'text/plain'], 'invalid_request ce-datacontenttype'],
  ])('is refused with %j', (headers, expected) => {
    expect(faultOf(() => binary(headers))).toBe(expected);
  });

  it('is what a request without any attributes is taken for', () => {
    const body = Buffer.from('{}');
    expect(faultOf(() => parseEvents({ body, contentType: 'application/json', headers: [] }))).toBe(
      'invalid_request ce-specversion',
    );
  });
});

describe('other formats', () => {
  it.each(['application/cloudevents+xml', 'application/cloudevents', `${STRUCTURED}; charset=utf-16`])(
    'refuses %s',
    (contentType) => {
      expect(faultOf(() => structured(EVENT, contentType))).toContain('unsupported_media_type');
    },
  );

  it('takes a charset that says what is so anyway', () => {
    expect(structured(EVENT, `${STRUCTURED}; charset=UTF-8`)).toHaveLength(1);
  });
});
