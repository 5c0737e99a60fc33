import { describe, expect, it } from 'vitest';
import { VALUE_FORMATS } from '../../../../shared/contract/record.ts';
import { RecordHead } from '../../../../shared/http/records/record-head.ts';
import { renderRecord } from '../../../../shared/http/records/render-record.ts';
import { ByteOutput } from '../../../../shared/lib/byte-output.ts';
import { RecordCursor } from '../../../../shared/log/record-batch/cursor.ts';
import { encodeBatch, type StampedRecord } from '../../../../shared/log/record-batch/encode-batch.ts';
import { openBatches } from '../../../../shared/log/record-batch/open-batches.ts';
import { record } from '../../../support/batches.ts';

const { json, text, unknown } = VALUE_FORMATS;

function render(fields: Partial<StampedRecord>, partition = -1): string {
  const out = new ByteOutput();
  const cursor = new RecordCursor(openBatches(encodeBatch([record(fields)]))[0]!);
  cursor.next();
  renderRecord(out, new RecordHead(), cursor, 7, partition);
  return out.written().toString();
}

const valueShown = (valueFormat: StampedRecord['valueFormat'], value: Buffer): string =>
  /"value.*(?=,"headers")/s.exec(render({ valueFormat, value }))![0];
const keyOf = (key: Buffer | null): string => /"key.*(?=,"value")/s.exec(render({ key }))![0];

describe('renderRecord', () => {
  it('shows a record as the contract has it', () => {
    const value = Buffer.from('{"any":"json"}');
    const headers = [{ name: 'h', value: Buffer.from('v') }];
    expect(render({ key: Buffer.from('k'), value, valueFormat: json, headers })).toBe(
      '{"offset":7,"timestamp":1760000000000,"key":"k","value":{"any":"json"},"headers":{"h":"v"}}',
    );
    expect(render({}, 3)).toBe(
      '{"offset":7,"partition":3,"timestamp":1760000000000,"key":null,"value":"value","headers":{}}',
    );
  });

  it.each<[Buffer | null, string]>([
    [null, '"key":null'],
    [Buffer.alloc(0), '"key":""'],
    [Buffer.from('é"\\\n\u0000\u007f'), '"key":"é\\"\\\\\\n\\u0000\u007f"'],
    [Buffer.from([0xff, 0x00]), '"keyBase64":"/wA="'],
    [Buffer.from([0xed, 0xa0, 0x80]), '"keyBase64":"7aCA"'],
    [Buffer.alloc(100, 'k'), `"key":"${'k'.repeat(100)}"`],
  ])('shows the key %j', (key, shown) => {
    expect(keyOf(key)).toBe(shown);
  });

  it.each<[string, StampedRecord['valueFormat'], Buffer, string]>([
    ['JSON as it came', json, Buffer.from('{ "n" : 12345678901234567890 }'), '"value":{ "n" : 12345678901234567890 }'],
    ['JSON that is null', json, Buffer.from(' null\n'), '"valueBase64":"IG51bGwK"'],
    ['a text', text, Buffer.from('a "quoted" é\u0000'), '"value":"a \\"quoted\\" é\\u0000"'],
    ['a text that says null', text, Buffer.from('null'), '"value":"null"'],
    ['a text that looks like JSON', text, Buffer.from('{}'), '"value":"{}"'],
    ['an empty text', text, Buffer.alloc(0), '"value":""'],
    ['unknown bytes that are JSON', unknown, Buffer.from('[1, 2]'), '"value":[1, 2]'],
    ['unknown bytes that say null', unknown, Buffer.from('null'), '"valueBase64":"bnVsbA=="'],
    ['unknown bytes that say null with space around', unknown, Buffer.from(' null '), '"valueBase64":"IG51bGwg"'],
    ['unknown bytes that begin as null does', unknown, Buffer.from('nullable'), '"value":"nullable"'],
    ['unknown bytes that are text', unknown, Buffer.from('{"a":\r\n\té}'), '"value":"{\\"a\\":\\r\\n\\té}"'],
    ['unknown bytes with a control character', unknown, Buffer.from('a\u0000'), '"valueBase64":"YQA="'],
    ['unknown bytes with a delete', unknown, Buffer.from('a\u007f'), '"valueBase64":"YX8="'],
    ['unknown bytes that are not UTF-8', unknown, Buffer.from([0x61, 0xff]), '"valueBase64":"Yf8="'],
    ['unknown JSON that is not UTF-8', unknown, Buffer.from([0x22, 0xff, 0x22]), '"valueBase64":"Iv8i"'],
    ['no bytes at all', unknown, Buffer.alloc(0), '"value":""'],
  ])('shows %s', (_, format, value, shown) => {
    expect(valueShown(format, value)).toBe(shown);
  });

  it('shows a tombstone as null, whatever its format says', () => {
    for (const valueFormat of [json, text, unknown])
      expect(render({ value: null, valueFormat })).toContain(',"value":null,');
  });

  it('shows headers as text, and repairs those that are none', () => {
    const headers = [
      { name: 'é"', value: Buffer.from('1\n') },
      { name: 'bad', value: Buffer.from([0x22, 0xff]) },
      { name: 'empty', value: Buffer.alloc(0) },
    ];
    expect(render({ headers })).toContain('"headers":{"é\\"":"1\\n","bad":"\\"\ufffd","empty":""}}');
  });

  it('shows times before the epoch, which Kafka uses for none', () => {
    expect(render({ timestamp: -1 })).toContain('"timestamp":-1,');
  });
});
