import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { integer, MAX_INTEGER } from './number.ts';

export const NO_QUERY = z.strictObject({});

/** Lists: `limit` and the opaque `cursor` of the page before. */
export const LIST_QUERY = z.strictObject({
  limit: integer(1, LIMITS.listLimit).default(LIMITS.listLimitDefault),
  cursor: z.string().optional(),
});

/** A longer one is the beginning of no name. */
const prefix = z.string().max(LIMITS.nameLength, { error: `must be at most ${LIMITS.nameLength} characters` });

export const TOPIC_LIST_QUERY = LIST_QUERY.extend({ prefix: prefix.optional() });

const flag = z.enum(['true', 'false'], { error: 'must be true or false' });

export const DELETE_TENANT_QUERY = z.strictObject({ confirm: z.string().optional(), cascade: flag.optional() });

export const DELETE_RECORDS_QUERY = z.strictObject({ beforeOffset: integer(0, MAX_INTEGER) });

/** `key` and `partition` are for a body that is one record's value. */
export const PRODUCE_QUERY = z.strictObject({
  key: z.string().optional(),
  partition: integer(0, LIMITS.partitionsPerTopic - 1).optional(),
  expectedOffset: integer(0, MAX_INTEGER).optional(),
});

const position = z.enum(['earliest', 'latest'], { error: 'must be earliest or latest' });

const TOPIC_START = z
  .union([position, integer(0, LIMITS.timestampMs)], {
    error: 'must be earliest, latest or a time in milliseconds',
  })
  .optional();

const FETCH_BOUNDS = {
  limit: integer(1, LIMITS.fetchRecords).default(LIMITS.fetchRecordsDefault),
  maxBytes: integer(1, LIMITS.fetchBytes).default(LIMITS.fetchBytesDefault),
  waitMs: integer(0, LIMITS.waitMs).default(0),
};

const START = ['offset', 'timestamp', 'tail', 'from'] as const;

export const FETCH_PARTITION_QUERY = z
  .strictObject({
    offset: integer(0, MAX_INTEGER).optional(),
    timestamp: integer(0, LIMITS.timestampMs).optional(),
    tail: integer(0, MAX_INTEGER).optional(),
    from: position.optional(),
    ...FETCH_BOUNDS,
  })
  .refine((query) => START.filter((name) => query[name] !== undefined).length < 2, {
    path: ['from'],
    error: 'must stand alone: give one of offset, timestamp, tail and from',
  });

export const FETCH_TOPIC_QUERY = z
  .strictObject({
    cursor: z.string().optional(),
    from: TOPIC_START,
    ...FETCH_BOUNDS,
  })
  .refine((query) => query.cursor === undefined || query.from === undefined, {
    path: ['from'],
    error: 'must not be given with a cursor',
  });

export const STREAM_QUERY = z
  .strictObject({
    cursor: z.string().optional(),
    from: TOPIC_START,
    partition: integer(0, LIMITS.partitionsPerTopic - 1).optional(),
    ticket: z.string().optional(),
  })
  .refine((query) => query.cursor === undefined || query.from === undefined, {
    path: ['from'],
    error: 'must not be given with a cursor',
  });
