import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../shared/contract/limits.ts';
import { VALUE_FORMATS } from '../../../../shared/contract/record.ts';
import { parseRawRecord, type RawRequest } from '../../../../shared/http/records/parse-raw.ts';
import { faultOf } from '../../../support/fault-of.ts';

const parse = (fields: Partial<RawRequest>) =>
  parseRawRecord({
    body: Buffer.from('hello'),
    contentType: undefined,
    key: undefined,
    partition: undefined,
    headers: [],
    ...fields,
  });
const { json, text, unknown } = VALUE_FORMATS;

describe('parseRawRecord', () => {
  it('takes the body for the value, and nothing for a key where there is none', () => {
    expect(parse({})).toEqual({ key: null, value: Buffer.from('hello'), valueFormat: unknown, headers: [] });
  });

  it('takes an empty body for an empty value, and an empty key for a key', () => {
    expect(parse({ body: Buffer.alloc(0), key: '', partition: 0 })).toMatchObject({
      key: Buffer.alloc(0),
      value: Buffer.alloc(0),
      partition: 0,
    });
  });

  it('keeps the content type and the headers that are meant for the record, names in lower case', () => {
    const headers = ['Host', 'x', 'Chasqui-Header-Trace-Id', 'é', 'CHASQUI-HEADER-B', '', 'Chasqui-Key', 'k'];
    expect(parse({ contentType: 'image/png', headers }).headers).toEqual([
      { name: 'content-type', value: Buffer.from('image/png') },
      { name: 'trace-id', value: Buffer.from([0xe9]) },
      { name: 'b', value: Buffer.alloc(0) },
    ]);
  });

  it.each<[string | undefined, string, number]>([
    ['application/vnd.acme+json', '{"a":12345678901234567890}', json],
    ['application/json; charset=utf-8', ' 1 ', json],
    ['text/json', '[]', json],
    ['application/vnd.acme+json', '{"a":}', unknown],
    ['application/vnd.acme+json', '', unknown],
    ['application/vnd.acme+json; charset=utf-16', '{}', unknown],
    ['application/vnd.acme+json', '['.repeat(513) + ']'.repeat(513), unknown],
    ['text/plain', 'hé\u0000', text],
    ['TEXT/Plain; charset="UTF-8"', '', text],
    ['text/csv; charset=us-ascii', 'a,b', text],
    ['text/plain; charset=iso-8859-1', 'a', unknown],
    ['application/x-www-form-urlencoded', '{}', unknown],
    [undefined, '{}', unknown],
  ])('judges %j %j', (contentType, body, format) => {
    expect(parse({ contentType, body: Buffer.from(body) }).valueFormat).toBe(format);
  });

  it('does not call text what is not UTF-8', () => {
    expect(parse({ contentType: 'text/plain', body: Buffer.from([0xff]) }).valueFormat).toBe(unknown);
    expect(parse({ contentType: 'a/b+json', body: Buffer.from([0x22, 0xff, 0x22]) }).valueFormat).toBe(unknown);
  });

  it('refuses a name that is empty, doubled or taken', () => {
    const fault = (headers: string[], contentType?: string): string => faultOf(() => parse({ headers, contentType }));
    expect(fault(['Chasqui-Header-', 'v'])).toBe('invalid_request Chasqui-Header-');
    expect(fault(['Chasqui-Header-a', '1', 'chasqui-header-A', '2'])).toBe('invalid_request Chasqui-Header-a');
    expect(fault(['Chasqui-Header-Content-Type', 'x'], 'text/y')).toBe('invalid_request Chasqui-Header-content-type');
    expect(fault([`Chasqui-Header-${'n'.repeat(257)}`, 'v'])).toContain('invalid_request');
  });

  it('takes as many headers as a record may have, the content type among them, and no more', () => {
    const headers = Array.from({ length: LIMITS.headersPerRecord }, (_, n) => [`chasqui-header-${n}`, 'v']).flat();
    expect(parse({ headers }).headers).toHaveLength(LIMITS.headersPerRecord);
    expect(faultOf(() => parse({ headers, contentType: 'text/plain' }))).toContain('invalid_request');
  });

  it('counts key, value and headers, to the byte', () => {
    const body = Buffer.alloc(LIMITS.recordBytes - 3);
    const headers = ['chasqui-header-h', 'v'];
    expect(parse({ body, key: 'k', headers }).value).toBe(body);
    expect(faultOf(() => parse({ body, key: 'kk', headers }))).toBe('payload_too_large record');
  });
});
