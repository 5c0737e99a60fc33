import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';

/**
 * What an error of the SDK means. Every kind but `unknown` says that nothing was written:
 * - `condition`: a condition did not hold; a transaction was cancelled for it, whatever else was in its way.
 * - `conflict`: a transaction had the item; the same write may pass a moment later.
 * - `unavailable`: too many requests, or the service was never reached.
 * - `refused`: the request itself was wrong, or not allowed.
 * - `unknown`: the request may have been done, or may yet be.
 */
export type Failure = 'condition' | 'conflict' | 'unavailable' | 'refused' | 'unknown';

const THROTTLED = new Set([
  'ProvisionedThroughputExceededException',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'ThrottlingException',
  'ThrottlingError',
  'LimitExceededException',
]);

/** Answers to a request whose twin may be under way. */
const AMBIGUOUS = new Set(['TransactionInProgressException', 'IdempotentParameterMismatchException']);
const REQUEST_TIMEOUT = 408;

const ofTransaction = (error: TransactionCanceledException): Failure => {
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None').filter((code) => code !== 'None');
  if (codes.includes('ConditionalCheckFailed')) return 'condition';
  if (codes.includes('TransactionConflict')) return 'conflict';
  return codes.some((code) => THROTTLED.has(code)) ? 'unavailable' : 'refused';
};

const ofService = (error: DynamoDBServiceException): Failure => {
  if (error instanceof ConditionalCheckFailedException) return 'condition';
  if (error instanceof TransactionCanceledException) return ofTransaction(error);
  if (error instanceof TransactionConflictException) return 'conflict';
  if (THROTTLED.has(error.name)) return 'unavailable';
  const status = error.$metadata.httpStatusCode ?? 500;
  const isDefinite = status >= 400 && status < 500 && status !== REQUEST_TIMEOUT && !AMBIGUOUS.has(error.name);
  return isDefinite ? 'refused' : 'unknown';
};

/** No connection was made, or there was nothing to sign with: the request never left. */
const neverLeft = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const { syscall, code } = error as NodeJS.ErrnoException;
  const isConnecting = syscall === 'connect' || syscall === 'getaddrinfo' || code === 'ECONNREFUSED';
  return isConnecting || error.name === 'CredentialsProviderError';
};

export const failureOf = (error: unknown): Failure => {
  if (error instanceof DynamoDBServiceException) return ofService(error);
  return neverLeft(error) ? 'unavailable' : 'unknown';
};
