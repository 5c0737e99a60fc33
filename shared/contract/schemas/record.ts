import * as z from 'zod';
import { ERRORS, type ErrorCode } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { integer } from './number.ts';

/** These schemas document; the bodies that carry records are read by a scanner that keeps every byte of a value. */
const ANY_JSON = z.unknown().meta({ description: 'Any JSON value, kept as it came, every digit and every byte.' });

export const RECORD_INPUT = z
  .strictObject({
    key: z.string().nullish(),
    keyBase64: z.base64().nullish(),
    value: ANY_JSON.optional(),
    valueBase64: z.base64().nullish(),
    headers: z.record(z.string(), z.string()).nullish(),
    timestamp: integer(0, LIMITS.timestampMs).nullish(),
    partition: integer(0, LIMITS.partitionsPerTopic - 1).nullish(),
  })
  .meta({ id: 'RecordInput' });

export const RECORDS_INPUT = z
  .strictObject({ records: z.array(RECORD_INPUT).min(1).max(LIMITS.recordsPerRequest) })
  .meta({ id: 'RecordsInput' });

const CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

const STORED = z.strictObject({ partition: z.int(), offset: z.int(), timestamp: z.int() });
const FAILED = z.strictObject({
  error: z.strictObject({
    code: z.enum(CODES),
    detail: z.string(),
    retryable: z.boolean(),
    sideEffects: z.enum(['none', 'possible']),
  }),
});

export const PRODUCE_RESULTS = z.strictObject({ results: z.array(STORED) }).meta({ id: 'ProduceResults' });
export const PARTIAL_RESULTS = z
  .strictObject({ results: z.array(z.union([STORED, FAILED])) })
  .meta({ id: 'PartialResults' });

const RECORD_FIELDS = {
  offset: z.int(),
  timestamp: z.int(),
  key: z.string().nullable().optional(),
  keyBase64: z.base64().optional(),
  value: ANY_JSON.optional(),
  valueBase64: z.base64().optional(),
  headers: z.record(z.string(), z.string()).optional(),
};

export const FETCHED_PARTITION = z
  .strictObject({
    records: z.array(z.looseObject(RECORD_FIELDS)),
    nextOffset: z.int(),
    highWatermark: z.int(),
    logStartOffset: z.int(),
  })
  .meta({ id: 'FetchedPartition' });

export const FETCHED_TOPIC = z
  .strictObject({
    records: z.array(z.looseObject({ partition: z.int(), ...RECORD_FIELDS })),
    cursor: z.string(),
    skipped: z.array(z.strictObject({ topic: z.string(), partition: z.int(), from: z.int(), to: z.int() })).optional(),
  })
  .meta({ id: 'FetchedTopic' });
