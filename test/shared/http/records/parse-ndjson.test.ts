import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../shared/contract/limits.ts';
import { parseNdjsonRecords } from '../../../../shared/http/records/parse-ndjson.ts';
import { faultOf } from '../../../support/fault-of.ts';

const values = (text: string) => parseNdjsonRecords(Buffer.from(text)).map(({ value }) => value?.toString());
const fault = (body: string | Buffer): string => faultOf(() => parseNdjsonRecords(Buffer.from(body)));

describe('parseNdjsonRecords', () => {
  it.each([
    '{"value":1}\n{"value":2}',
    '{"value":1}\n{"value":2}\n',
    '{"value":1}\r\n{"value":2}\r\n',
    '\n \t\r\n{"value":1}\n\n\n  {"value":2}  \n\r\n',
  ])('reads a record a line and leaves blank lines out: %j', (text) => {
    expect(values(text)).toEqual(['1', '2']);
  });

  it.each([
    ['{"value":1}\n\n{"value":2', 'invalid_json records[1]'],
    ['{"value":1} {"value":2}', 'invalid_json records[0]'],
    ['{"value":\n1}', 'invalid_json records[0]'],
    ['{"value":1}\n{"foo":1}', 'invalid_request records[1].foo'],
    ['{"value":1}\n{"foo":1', 'invalid_json records[1]'],
    ['{"value":1}\n[]', 'invalid_request records[1]'],
    ['{"value":1}\nnull', 'invalid_request records[1]'],
    ['\ufeff{"value":1}', 'invalid_json records[0]'],
    ['\u0000', 'invalid_json records[0]'],
    ['', 'invalid_request records'],
    ['\n \r\n', 'invalid_request records'],
    ['{"records":[{}]}', 'invalid_request records[0].records'],
    [`{}\n{"value":"${'x'.repeat(LIMITS.recordBytes - 1)}"}`, 'payload_too_large records[1]'],
  ])('refuses %j', (text, expected) => {
    expect(fault(text)).toBe(expected);
  });

  it('names the seventeenth record by the number 16', () => {
    expect(fault(`${'{}\n\n'.repeat(16)}{"partition":-1}\n{}`)).toBe('invalid_request records[16].partition');
  });

  it('names the line that is not UTF-8', () => {
    const body = Buffer.concat([Buffer.from('{}\n{"key":"é"}\n{"key":"'), Buffer.from([0xff]), Buffer.from('"}\n{}')]);
    expect(fault(body)).toBe('invalid_json records[2]');
  });

  it('takes 10,000 records and no more', () => {
    expect(parseNdjsonRecords(Buffer.from('{}\n'.repeat(LIMITS.recordsPerRequest)))).toHaveLength(
      LIMITS.recordsPerRequest,
    );
    expect(fault('{}\n'.repeat(LIMITS.recordsPerRequest + 1))).toBe('invalid_request records');
  });
});
