import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordInput } from '../../../../shared/contract/record.ts';
import { parseJsonRecords } from '../../../../shared/http/records/parse-json.ts';
import { parseNdjsonRecords } from '../../../../shared/http/records/parse-ndjson.ts';
import { parseRawRecord } from '../../../../shared/http/records/parse-raw.ts';
import { JsonRecordSink } from '../../../../shared/http/records/write-json.ts';
import { NdjsonRecordSink } from '../../../../shared/http/records/write-ndjson.ts';
import { RecordCursor } from '../../../../shared/log/record-batch/cursor.ts';
import { encodeBatch } from '../../../../shared/log/record-batch/encode-batch.ts';
import { openBatches } from '../../../../shared/log/record-batch/open-batches.ts';
import type { RecordSink } from '../../../../shared/log/record-sink.ts';
import { check } from '../../../support/check.ts';

const NOW = 1_760_000_000_000;

/** From a request's records to an answer's, by way of stored bytes. */
function throughTheLog<Sink extends RecordSink>(records: readonly RecordInput[], sink: Sink): Sink {
  const stored = encodeBatch(records.map((record) => ({ ...record, timestamp: record.timestamp ?? NOW })));
  const cursor = new RecordCursor(openBatches(stored)[0]!);
  while (cursor.next()) sink.add(cursor, cursor.offsetDelta, 0);
  return sink;
}

const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const base64 = fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const headers = fc.dictionary(
  text.filter((name) => name.length > 0 && Buffer.byteLength(name) <= 256),
  text,
);
const timing = fc.record({ timestamp: fc.nat({ max: 8_640_000_000_000_000 }) }, { requiredKeys: [] });
const key = fc.oneof(fc.record({ key: fc.option(text) }, { requiredKeys: [] }), fc.record({ keyBase64: base64 }));
const value = fc.record({ value: fc.json().map((one) => JSON.parse(one)) }, { requiredKeys: [] });
const sent = fc.tuple(key, value, fc.record({ headers }, { requiredKeys: [] }), timing);
const requests = fc.array(
  sent.map((parts) => Object.assign({}, ...parts)),
  { minLength: 1, maxLength: 8 },
);

/** What a reader should see of a record that was sent as JSON. */
function shown(record: Record<string, unknown>, offset: number): Record<string, unknown> {
  const bytes = Buffer.from(String(record['keyBase64'] ?? ''), 'base64');
  const asText = bytes.toString();
  const keyShown =
    record['keyBase64'] === undefined || Buffer.from(asText).equals(bytes)
      ? { key: record['keyBase64'] === undefined ? (record['key'] ?? null) : asText }
      : { keyBase64: record['keyBase64'] };
  const { value: sentValue = null, headers: sentHeaders = {}, timestamp = NOW } = record;
  return { offset, timestamp, ...keyShown, value: sentValue, headers: { ...(sentHeaders as object) } };
}

describe('from a request to an answer', () => {
  it('gives back what was sent as JSON', () => {
    check(
      fc.property(requests, fc.constantFrom(0, 1, '\r\n'), (records, space) => {
        const body = Buffer.from(JSON.stringify({ records }, null, space));
        const answer = throughTheLog(parseJsonRecords(body), new JsonRecordSink()).finish({ nextOffset: 1 });
        expect(JSON.parse(answer.toString())).toEqual({ records: records.map(shown), nextOffset: 1 });
      }),
      { numRuns: 150 },
    );
  });

  it('gives back what was sent as NDJSON, a line for a line', () => {
    check(
      fc.property(requests, (records) => {
        const body = Buffer.from(records.map((record) => JSON.stringify(record)).join('\r\n'));
        const lines = throughTheLog(parseNdjsonRecords(body), new NdjsonRecordSink()).finish().toString().split('\n');
        expect(lines.pop()).toBe('');
        expect(lines.map((line) => JSON.parse(line))).toEqual(records.map(shown));
      }),
      { numRuns: 150 },
    );
  });

  it('gives back JSON values byte for byte', () => {
    const digits = fc.stringMatching(/^-?(0|[1-9][0-9]{0,29})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,6})?$/);
    const spaced = fc
      .tuple(fc.json(), fc.constantFrom(1, '\t', ' \r\n'))
      .map(([one, space]) => JSON.stringify(JSON.parse(one), null, space));
    const escaped = fc.constantFrom('"\\u00E9\\/\\b"', '{"a":1,"a":2}', '"\\ud800"', '[ ]', '{ "" :\n0 }');
    check(
      fc.property(
        fc.oneof(
          digits,
          spaced.filter((one) => one !== 'null'),
          escaped,
        ),
        (value) => {
          const records = parseJsonRecords(Buffer.from(`{"records":[{"value":${value}}]}`));
          const answer = throughTheLog(records, new JsonRecordSink()).finish({}).toString();
          expect(answer).toContain(`"value":${value},"headers":{}`);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('gives back any bytes that were sent raw, as JSON, text or base64', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 50 }),
      fc.json().map((one) => Buffer.from(one)),
      text.map((one) => Buffer.from(one)),
    );
    const contentType = fc.constantFrom(undefined, 'text/plain', 'application/octet-stream', 'a/b+json');
    check(
      fc.property(bytes, contentType, (array, type) => {
        const body = Buffer.from(array);
        const record = parseRawRecord({ body, contentType: type, key: undefined, partition: undefined, headers: [] });
        const answer = throughTheLog([record], new JsonRecordSink()).finish({}).toString();
        const [seen] = JSON.parse(answer).records;
        const spliced = answer.includes(`"value":${body.toString()},"headers"`);
        const given = 'valueBase64' in seen ? Buffer.from(seen.valueBase64, 'base64') : Buffer.from(String(seen.value));
        if (!spliced) expect(given).toEqual(body);
        expect(seen.value).not.toBeNull();
      }),
      { numRuns: 200 },
    );
  });
});
