import { ChasquiError, invalidField } from '../contract/errors.ts';
import type { Filter } from '../contract/filter.ts';
import type { TopicName } from '../contract/ids.ts';
import { SUBSCRIPTION_DEFAULTS } from '../contract/limits.ts';
import type { BodyOf } from '../contract/routes.ts';
import { sortedJson } from '../lib/sorted-json.ts';
import type { Batch, Endpoint, Retry, Subscription } from '../ports/subscription-store.ts';

export type Settings = BodyOf<'putSubscription'>;

/** What a subscription's owner decides, and may change. */
export type Settled = Pick<
  Subscription,
  'endpoint' | 'filter' | 'format' | 'batch' | 'retry' | 'deadLetterTopic' | 'maxInFlight' | 'rateLimit'
>;

type Seen = Partial<Settled>;

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : url);

/** Headers that are not named again stay, but never go to somebody else. */
const endpointOf = (given: Settings['endpoint'], seen: Endpoint | undefined): Endpoint => {
  if (given === undefined) {
    if (seen === undefined) throw invalidField('endpoint', 'is required');
    return seen;
  }
  const url = given.url;
  const same = seen !== undefined && originOf(seen.url) === originOf(url);
  const headers = given.headers ?? (same ? seen.headers : undefined);
  const handshake = given.handshake ?? (same ? seen.handshake : undefined);
  return {
    url,
    ...(headers === undefined ? {} : { headers: headers as Readonly<Record<string, string>> }),
    ...(handshake === undefined ? {} : { handshake }),
  };
};

const batchOf = (given: Settings['batch'], seen: Batch | undefined): Batch | undefined => {
  if (given === undefined) return seen;
  return {
    maxRecords: given.maxRecords ?? seen?.maxRecords ?? SUBSCRIPTION_DEFAULTS.batchRecords,
    maxWaitMs: given.maxWaitMs ?? seen?.maxWaitMs ?? SUBSCRIPTION_DEFAULTS.batchWaitMs,
  };
};

/** Giving up is for those who said so, or who keep what was given up: else nothing is dropped, and the endpoint fails for days first. */
const retryOf = (given: Settings['retry'], seen: Retry | undefined, hasDeadLetters: boolean): Retry => {
  const scheduleMs = given?.scheduleMs ?? seen?.scheduleMs ?? SUBSCRIPTION_DEFAULTS.scheduleMs;
  const maxAttempts = given?.maxAttempts ?? seen?.maxAttempts ?? (hasDeadLetters ? scheduleMs.length : undefined);
  return {
    scheduleMs,
    jitter: given?.scheduleMs === undefined && (seen?.jitter ?? true),
    timeoutMs: given?.timeoutMs ?? seen?.timeoutMs ?? SUBSCRIPTION_DEFAULTS.timeoutMs,
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
  };
};

const refuseContradictions = ({ format, batch }: Settled): void => {
  if (format === 'raw' && batch !== undefined)
    throw invalidField('batch', 'needs a format of CloudEvents: a raw body is one value');
};

/** @throws {ChasquiError} `invalid_request` */
export const settle = (given: Settings, seen: Seen): Settled => {
  const deadLetterTopic = (given.deadLetterTopic as TopicName | undefined) ?? seen.deadLetterTopic;
  const filter = (given.filter as Filter | undefined) ?? seen.filter;
  const batch = batchOf(given.batch, seen.batch);
  const rateLimit = given.rateLimit ?? seen.rateLimit;
  const settled: Settled = {
    endpoint: endpointOf(given.endpoint, seen.endpoint),
    format: given.format ?? seen.format ?? SUBSCRIPTION_DEFAULTS.format,
    retry: retryOf(given.retry, seen.retry, deadLetterTopic !== undefined),
    maxInFlight: given.maxInFlight ?? seen.maxInFlight ?? SUBSCRIPTION_DEFAULTS.maxInFlight,
    ...(filter === undefined ? {} : { filter }),
    ...(batch === undefined ? {} : { batch }),
    ...(deadLetterTopic === undefined ? {} : { deadLetterTopic }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
  };
  refuseContradictions(settled);
  return settled;
};

/** What only a creation decides. @throws {ChasquiError} `conflict` */
export const refuseToMove = (given: Settings, seen: Subscription): void => {
  if (given.topic !== undefined && given.topic !== seen.topic) {
    throw new ChasquiError('conflict', `topic cannot change; it is "${seen.topic}".`);
  }
  if (given.from !== undefined && given.from !== seen.from) {
    throw new ChasquiError('conflict', `from is for the creation; it was "${seen.from}". Use replay to start again.`);
  }
};

/** A request that changes nothing is not to disturb what is under way. Stores may give back names in another order. */
export const isSettled = (seen: Settled, next: Settled): boolean => {
  const fields = [
    'endpoint',
    'filter',
    'format',
    'batch',
    'retry',
    'deadLetterTopic',
    'maxInFlight',
    'rateLimit',
  ] as const;
  return fields.every((field) => sortedJson(seen[field]) === sortedJson(next[field]));
};
