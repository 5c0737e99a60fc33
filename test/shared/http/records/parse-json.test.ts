import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../shared/contract/limits.ts';
import { parseJsonRecords } from '../../../../shared/http/records/parse-json.ts';
import { faultOf } from '../../../support/fault-of.ts';

const parse = (text: string) => parseJsonRecords(Buffer.from(text));
const one = (record: string) => parse(`{"records":[${record}]}`)[0]!;
const fault = (text: string): string => faultOf(() => parse(text));
const recordFault = (record: string): string => fault(`{"records":[{},${record}]}`);
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('parseJsonRecords', () => {
  it('reads every field of a record', () => {
    expect(one('{"key":"k","value":{"a":1},"headers":{"h":"v"},"timestamp":5,"partition":3}')).toEqual({
      key: Buffer.from('k'),
      value: Buffer.from('{"a":1}'),
      valueFormat: 1,
      headers: [{ name: 'h', value: Buffer.from('v') }],
      timestamp: 5,
      partition: 3,
    });
  });

  it.each([
    ['12345678901234567890', '12345678901234567890'],
    [' \n{ "a" :\t1.50e+1 , "a":2 }\r', '{ "a" :\t1.50e+1 , "a":2 }'],
    ['"\\u00e9\\/\\ud800"', '"\\u00e9\\/\\ud800"'],
    ['-0.0', '-0.0'],
    ['false', 'false'],
    ['""', '""'],
  ])('keeps the value %j byte for byte', (text, kept) => {
    expect(one(`{"value":${text},"key":""}`)).toMatchObject({ value: Buffer.from(kept), valueFormat: 1 });
  });

  it('takes values as views into the body', () => {
    const body = Buffer.from('{"records":[{"key":"kkk","value":[1,2,3]}]}');
    const [record] = parseJsonRecords(body);
    expect([record!.key!.buffer, record!.value!.buffer]).toEqual([body.buffer, body.buffer]);
  });

  it.each([
    '{}',
    '{"value":null}',
    '{"key":null,"keyBase64":null,"value":null,"valueBase64":null,"headers":null,"timestamp":null,"partition":null}',
  ])('takes null for absent: %s', (record) => {
    expect(one(record)).toEqual({ key: null, value: null, valueFormat: 0, headers: [] });
  });

  it('tells an empty key and an empty value from none', () => {
    expect(one('{"key":"","valueBase64":""}')).toMatchObject({ key: Buffer.alloc(0), value: Buffer.alloc(0) });
    expect(one('{"keyBase64":"","value":""}')).toMatchObject({ key: Buffer.alloc(0), value: Buffer.from('""') });
  });

  it('takes one of text and base64 when the other is null', () => {
    expect(one('{"key":null,"keyBase64":"/w==","valueBase64":"AP8=","value":null}')).toMatchObject({
      key: Buffer.from([0xff]),
      value: Buffer.from([0, 0xff]),
      valueFormat: 0,
    });
  });

  it('decodes names and strings of its own', () => {
    expect(one('{"\\u006bey":"\\u00e9\\n","headers":{"\\u0068\\"":"\\ud83d\\ude00","n":""}}')).toMatchObject({
      key: Buffer.from('é\n'),
      headers: [
        { name: 'h"', value: Buffer.from('😀') },
        { name: 'n', value: Buffer.alloc(0) },
      ],
    });
    expect(one('{"valueBase64":"\\/w\\u003d="}').value).toEqual(Buffer.from([0xff]));
  });

  it('takes a slash that is escaped, and white space wherever JSON has it', () => {
    expect(parse(' { "records" : [ { "key" : "\\/" } , { } ] } \n')).toHaveLength(2);
  });

  it.each([
    ['', 'invalid_json'],
    ['{', 'invalid_json'],
    ['nul', 'invalid_json'],
    ['{"records":[{}]}}', 'invalid_json'],
    ['{"records":[{}]} x', 'invalid_json'],
    ['{"records":[{},]}', 'invalid_json records[1]'],
    ['{"records":[{"value":01}]}', 'invalid_json records[0]'],
    ['{"records":[{},{"value":NaN}]}', 'invalid_json records[1]'],
    ['{"records":[{"value":"\u0000"}]}', 'invalid_json records[0]'],
    ['{"records":[{"foo":1}', 'invalid_json'],
    ['{"records":[{"key":1}],}', 'invalid_json'],
    ['\ufeff{"records":[{}]}', 'invalid_json'],
    [`{"records":[{"value":${nested(LIMITS.jsonDepth + 1)}}]}`, 'invalid_json records[0]'],
    [`{"records":[{"key":${nested(LIMITS.jsonDepth + 1)}}]}`, 'invalid_json records[0]'],
    [nested(100_000), 'invalid_json'],
    ['[]', 'invalid_request body'],
    ['"records"', 'invalid_request body'],
    ['null', 'invalid_request body'],
    ['{}', 'invalid_request records'],
    ['{"records":null}', 'invalid_request records'],
    ['{"records":[]}', 'invalid_request records'],
    ['{"records":{}}', 'invalid_request records'],
    ['{"records":[{}],"records":[{}]}', 'invalid_request records'],
    ['{"records":[{}],"recordz":1}', 'invalid_request recordz'],
    ['{"records":[{}],"":1}', 'invalid_request [""]'],
  ])('refuses the body %j', (text, expected) => {
    expect(fault(text)).toContain(expected);
  });

  it.each([
    ['null', 'invalid_request records[1]'],
    ['[]', 'invalid_request records[1]'],
    ['1', 'invalid_request records[1]'],
    ['{"foo":1}', 'invalid_request records[1].foo'],
    ['{"Key":"k"}', 'invalid_request records[1].Key'],
    ['{"a b":1}', 'invalid_request records[1]["a b"]'],
    ['{"__proto__":1}', 'invalid_request records[1].__proto__'],
    ['{"\\ud800":1}', 'invalid_request records[1]["\\ud800"]'],
    ['{"key":"a","key":"a"}', 'invalid_request records[1].key'],
    ['{"key":null,"\\u006bey":null}', 'invalid_request records[1].key'],
    ['{"key":1}', 'invalid_request records[1].key'],
    ['{"key":{}}', 'invalid_request records[1].key'],
    ['{"key":"\\ud800"}', 'invalid_request records[1].key'],
    ['{"key":"a","keyBase64":"YQ=="}', 'invalid_request records[1].keyBase64'],
    ['{"keyBase64":"YQ==","key":"a"}', 'invalid_request records[1].key'],
    ['{"keyBase64":"YQ"}', 'invalid_request records[1].keyBase64'],
    ['{"keyBase64":["YQ=="]}', 'invalid_request records[1].keyBase64'],
    ['{"value":1,"valueBase64":""}', 'invalid_request records[1].valueBase64'],
    ['{"valueBase64":"YR=="}', 'invalid_request records[1].valueBase64'],
    ['{"valueBase64":"-_8="}', 'invalid_request records[1].valueBase64'],
    ['{"valueBase64":7}', 'invalid_request records[1].valueBase64'],
    ['{"headers":[]}', 'invalid_request records[1].headers'],
    ['{"headers":"h"}', 'invalid_request records[1].headers'],
    ['{"headers":{"h":1}}', 'invalid_request records[1].headers.h'],
    ['{"headers":{"h":null}}', 'invalid_request records[1].headers.h'],
    ['{"headers":{"h":["v"]}}', 'invalid_request records[1].headers.h'],
    ['{"headers":{"h":"1","\\u0068":"2"}}', 'invalid_request records[1].headers.h'],
    ['{"headers":{"":"v"}}', 'invalid_request records[1].headers'],
    ['{"headers":{"\\udfff":"v"}}', 'invalid_request records[1].headers'],
    ['{"headers":{"h":"\\udfff"}}', 'invalid_request records[1].headers.h'],
    ['{"timestamp":-1}', 'invalid_request records[1].timestamp'],
    ['{"timestamp":-0}', 'invalid_request records[1].timestamp'],
    ['{"timestamp":1.5}', 'invalid_request records[1].timestamp'],
    ['{"timestamp":1e3}', 'invalid_request records[1].timestamp'],
    ['{"timestamp":"1"}', 'invalid_request records[1].timestamp'],
    ['{"timestamp":8640000000000001}', 'invalid_request records[1].timestamp'],
    ['{"timestamp":99999999999999999999999}', 'invalid_request records[1].timestamp'],
    ['{"timestamp":true}', 'invalid_request records[1].timestamp'],
    ['{"partition":-1}', 'invalid_request records[1].partition'],
    ['{"partition":0.5}', 'invalid_request records[1].partition'],
    ['{"partition":"0"}', 'invalid_request records[1].partition'],
    ['{"partition":99999999999999999999}', 'invalid_request records[1].partition'],
    ['{"partition":{}}', 'invalid_request records[1].partition'],
  ])('refuses the record %s', (record, expected) => {
    expect(recordFault(record)).toBe(expected);
  });

  it('refuses what is not UTF-8, wherever it stands', () => {
    const body = (bytes: readonly number[]): Buffer =>
      Buffer.concat([Buffer.from('{"records":[{"value":"'), Buffer.from(bytes), Buffer.from('"}]}')]);
    for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf4, 0x90, 0x80, 0x80]]) {
      expect(faultOf(() => parseJsonRecords(body(bytes)))).toBe('invalid_json The body is not valid UTF-8.');
    }
  });
});

describe('limits', () => {
  const records = (count: number): string => `{"records":[${Array(count).fill('{}').join(',')}]}`;

  it('takes 10,000 records and no more', () => {
    expect(parse(records(LIMITS.recordsPerRequest))).toHaveLength(LIMITS.recordsPerRequest);
    expect(fault(records(LIMITS.recordsPerRequest + 1))).toBe('invalid_request records');
  });

  it('counts key, value and headers of a record, to the byte', () => {
    const sized = (valueBytes: number): string =>
      `{"key":"\\u00e9","headers":{"hh":"vv"},"value":"${'x'.repeat(valueBytes - 2)}"}`;
    expect(one(sized(LIMITS.recordBytes - 6)).value).toHaveLength(LIMITS.recordBytes - 6);
    expect(recordFault(sized(LIMITS.recordBytes - 5))).toBe('payload_too_large records[1]');
  });

  it('takes header names of 256 bytes and no more', () => {
    const named = (name: string): string => `{"headers":{"${name}":""}}`;
    expect(one(named('é'.repeat(128))).headers).toHaveLength(1);
    expect(recordFault(named(`${'é'.repeat(128)}x`))).toBe('invalid_request records[1].headers');
  });

  it('takes as many headers as a record may have and no more', () => {
    const headers = (count: number): string =>
      `{"headers":{${Array.from({ length: count }, (_, n) => `"h${n}":""`).join(',')}}}`;
    expect(one(headers(LIMITS.headersPerRecord)).headers).toHaveLength(LIMITS.headersPerRecord);
    expect(recordFault(headers(LIMITS.headersPerRecord + 1))).toBe('invalid_request records[1].headers');
  });

  it('takes the latest time and the deepest value', () => {
    expect(one(`{"timestamp":${LIMITS.timestampMs}}`).timestamp).toBe(LIMITS.timestampMs);
    expect(one(`{"value":${nested(LIMITS.jsonDepth)}}`).value).toHaveLength(2 * LIMITS.jsonDepth);
  });
});
