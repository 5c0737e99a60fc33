import { describe, expect, it } from 'vitest';
import { VALUE_FORMATS } from '../../../../shared/contract/record.ts';
import { JsonRecordSink } from '../../../../shared/http/records/write-json.ts';
import { NdjsonRecordSink } from '../../../../shared/http/records/write-ndjson.ts';
import { RecordCursor } from '../../../../shared/log/record-batch/cursor.ts';
import { encodeBatch, type StampedRecord } from '../../../../shared/log/record-batch/encode-batch.ts';
import { openBatches } from '../../../../shared/log/record-batch/open-batches.ts';
import type { RecordSink } from '../../../../shared/log/record-sink.ts';
import { record } from '../../../support/batches.ts';

const json = (text: string): StampedRecord => record({ value: Buffer.from(text), valueFormat: VALUE_FORMATS.json });

function addAll(sink: RecordSink, records: readonly StampedRecord[]): void {
  const cursor = new RecordCursor(openBatches(encodeBatch(records))[0]!);
  while (cursor.next()) sink.add(cursor, 100 + cursor.offsetDelta, 5);
}

const values = (text: string): unknown[] => JSON.parse(text).records.map(({ value }: { value: unknown }) => value);
const lines = (text: string): unknown[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line).value);

describe('JsonRecordSink', () => {
  it('writes the whole answer, with the fields behind the records', () => {
    const sink = new JsonRecordSink();
    addAll(sink, [json('1'), json('2')]);
    expect(JSON.parse(sink.finish({ nextOffset: 102, highWatermark: 200, logStartOffset: 0 }).toString())).toEqual({
      records: [
        { offset: 100, timestamp: 1_760_000_000_000, key: null, value: 1, headers: {} },
        { offset: 101, timestamp: 1_760_000_000_000, key: null, value: 2, headers: {} },
      ],
      nextOffset: 102,
      highWatermark: 200,
      logStartOffset: 0,
    });
  });

  it('writes an answer without records, and one without other fields', () => {
    expect(new JsonRecordSink().finish({ nextOffset: 0 }).toString()).toBe('{"records":[],"nextOffset":0}');
    expect(new JsonRecordSink().finish({}).toString()).toBe('{"records":[]}');
  });

  it('names the partition where it is asked to', () => {
    const sink = new JsonRecordSink({ withPartition: true });
    addAll(sink, [json('1')]);
    expect(sink.finish({}).toString()).toContain('{"offset":100,"partition":5,"timestamp"');
  });

  it('counts from nothing, and takes the last record back', () => {
    const sink = new JsonRecordSink();
    expect(sink.bytes).toBe(0);
    addAll(sink, [json('1')]);
    const before = sink.bytes;
    addAll(sink, [json('2')]);
    sink.undo();
    expect(sink.bytes).toBe(before);
    addAll(sink, [json('3')]);
    expect(values(sink.finish({}).toString())).toEqual([1, 3]);
  });

  it('takes back the first record, comma and all', () => {
    const sink = new JsonRecordSink();
    addAll(sink, [json('1')]);
    sink.undo();
    expect(sink.bytes).toBe(0);
    addAll(sink, [json('2')]);
    expect(values(sink.finish({}).toString())).toEqual([2]);
  });

  it('counts what it has rendered, to the byte', () => {
    const sink = new JsonRecordSink();
    addAll(sink, [json('1'), json('"é"')]);
    const bytes = sink.bytes;
    expect(sink.finish({})).toHaveLength('{"records":['.length + bytes + ']}'.length);
  });

  it('grows with the answer', () => {
    const sink = new JsonRecordSink();
    const large = Array.from({ length: 400 }, (_, n) => json(`"${String(n).repeat(3000)}"`));
    addAll(sink, large);
    expect(values(sink.finish({}).toString())).toEqual(large.map(({ value }) => JSON.parse(String(value))));
  });
});

describe('NdjsonRecordSink', () => {
  it('writes a record a line', () => {
    const sink = new NdjsonRecordSink({ withPartition: true });
    expect(sink.bytes).toBe(0);
    addAll(sink, [json('1'), json('2')]);
    sink.undo();
    addAll(sink, [json('3')]);
    const text = sink.finish().toString();
    expect(text).toHaveLength(sink.bytes);
    expect(lines(text)).toEqual([1, 3]);
    expect(text.startsWith('{"offset":100,"partition":5,')).toBe(true);
  });

  it('keeps a value that came on many lines on one', () => {
    const sink = new NdjsonRecordSink();
    addAll(sink, [json('{\r\n "a": [\n1,\r2 ]\n}'), record({ value: Buffer.from('two\r\nlines') })]);
    const text = sink.finish().toString();
    expect(text).not.toContain('\r');
    expect(text).toContain('"value":{   "a": [ 1, 2 ] }');
    expect(lines(text)).toEqual([{ a: [1, 2] }, 'two\r\nlines']);
  });

  it('writes nothing for no records', () => {
    expect(new NdjsonRecordSink().finish()).toHaveLength(0);
  });
});
