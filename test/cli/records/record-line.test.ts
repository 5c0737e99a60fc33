import { describe, expect, it } from 'vitest';
import { parseRecordLine, textOf, valueBytes } from '../../../cli/records/record-line.ts';

describe('parseRecordLine', () => {
  it('reads where a record stands and leaves its line alone', () => {
    const line = '{"partition":3,"offset":7,"timestamp":1000,"value":12345678901234567890}';
    expect(parseRecordLine(line)).toMatchObject({ line, partition: 3, offset: 7, timestamp: 1000 });
  });

  it('gives a line the partition that it does not name', () => {
    const record = parseRecordLine('{"offset":7,"timestamp":1,"value":1.0}', 3);
    expect(record.line).toBe('{"offset":7,"partition":3,"timestamp":1,"value":1.0}');
    expect(record.partition).toBe(3);
  });

  it.each([
    ['text', '"value":"a\\n\\u00e9"', Buffer.from('a\né')],
    ['JSON', '"value":{"a": 1.0}', Buffer.from('{"a": 1.0}')],
    ['base64', '"valueBase64":"/wA="', Buffer.of(0xff, 0)],
    ['an empty text', '"value":""', Buffer.alloc(0)],
    ['a tombstone', '"value":null', undefined],
    ['a tombstone without a value', '"key":"k"', undefined],
  ])('decodes a value that is %s', (_what, member, bytes) => {
    expect(valueBytes(parseRecordLine(`{"offset":0,"timestamp":0,${member}}`, 0))).toEqual(bytes);
  });

  it('shows bytes that are not text as base64', () => {
    const record = parseRecordLine('{"offset":0,"timestamp":0,"keyBase64":"/wA=","value":null}', 0);
    expect(textOf(record, 'key')).toBe('base64:/wA=');
    expect(textOf(record, 'value')).toBe('');
  });
});
