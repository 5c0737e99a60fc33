import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  InternalServerError,
  ProvisionedThroughputExceededException,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { createDynamoClient } from '../../../../shared/adapters/dynamodb/client.ts';
import { createDynamoOffsetStore } from '../../../../shared/adapters/dynamodb/dynamo-offset-store.ts';
import { type Failure, failureOf } from '../../../../shared/adapters/dynamodb/failure.ts';
import { ACME, entryOf, refOf, TOPIC } from '../../../support/index-fixtures.ts';
import { stubTable } from './stub-client.ts';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const meta = (httpStatusCode: number) => ({ message: 'm', $metadata: { httpStatusCode } });
const service = (name: string, status: number) =>
  new DynamoDBServiceException({ ...meta(status), name, $fault: status < 500 ? 'client' : 'server' });
const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({ ...meta(400), CancellationReasons: codes.map((Code) => ({ Code })) });
const socket = (fields: object) => Object.assign(new Error('socket'), fields);

const CASES: readonly [what: string, error: unknown, failure: Failure][] = [
  ['a condition', new ConditionalCheckFailedException(meta(400)), 'condition'],
  ['a condition in a transaction', cancelled('None', 'ConditionalCheckFailed', 'TransactionConflict'), 'condition'],
  ['another transaction', new TransactionConflictException(meta(400)), 'conflict'],
  ['another transaction in a transaction', cancelled('TransactionConflict', 'None'), 'conflict'],
  ['throttling', new ProvisionedThroughputExceededException(meta(400)), 'unavailable'],
  ['throttling of the account', service('RequestLimitExceeded', 400), 'unavailable'],
  ['throttling of the service', service('ThrottlingException', 400), 'unavailable'],
  ['throttling in a transaction', cancelled('None', 'ThrottlingError'), 'unavailable'],
  ['a wrong request', service('ValidationException', 400), 'refused'],
  ['no permission', service('AccessDeniedException', 400), 'refused'],
  ['a wrong transaction', cancelled('ValidationError'), 'refused'],
  ['a failure of the service', new InternalServerError(meta(500)), 'unknown'],
  ['a service that is not there', service('ServiceUnavailable', 503), 'unknown'],
  ['a proxy that gave up', service('RequestTimeout', 408), 'unknown'],
  [
    'an answer without a status',
    new DynamoDBServiceException({ ...meta(400), name: 'X', $fault: 'client', $metadata: {} }),
    'unknown',
  ],
  ['its own twin under way', new TransactionInProgressException(meta(400)), 'unknown'],
  ['no connection', socket({ code: 'ECONNREFUSED', syscall: 'connect' }), 'unavailable'],
  ['no name', socket({ code: 'ENOTFOUND', syscall: 'getaddrinfo' }), 'unavailable'],
  ['nothing to sign with', Object.assign(new Error('none'), { name: 'CredentialsProviderError' }), 'unavailable'],
  ['a connection that broke', socket({ code: 'ECONNRESET' }), 'unknown'],
  ['a broken pipe', socket({ code: 'EPIPE', syscall: 'write' }), 'unknown'],
  ['no answer in time', new DOMException('timeout', 'TimeoutError'), 'unknown'],
  ['an answer that is no JSON', new SyntaxError('unexpected end'), 'unknown'],
  ['something that is no error', 'boo', 'unknown'],
];

describe('failureOf', () => {
  it.each(CASES)('knows %s', (_, error, failure) => {
    expect(failureOf(error)).toBe(failure);
  });

  it('knows a port where nobody listens', async () => {
    const credentials = { accessKeyId: 'a', secretAccessKey: 's' };
    const client = createDynamoClient({ region: 'us-east-1', credentials, endpoint: 'http://127.0.0.1:1' });
    const store = createDynamoOffsetStore({ ...stubTable([]), client });
    const commit = store.commit(ACME, TOPIC, { partition: 0, entry: entryOf(), fence: 0 });
    await expect(commit).rejects.toMatchObject({ code: 'unavailable', sideEffects: 'none' });
    client.destroy();
  });
});

describe('a write', () => {
  const commit = (error: Error) => {
    const table = stubTable([error]);
    const append = { partition: 0, entry: entryOf(), fence: 0 };
    return { table, done: createDynamoOffsetStore(table).commit(ACME, TOPIC, append) };
  };

  it('is sent once when its answer is lost, and then nobody knows', async () => {
    for (const error of [socket({ code: 'ECONNRESET' }), new InternalServerError(meta(500))]) {
      const { table, done } = commit(error);
      await expect(done).rejects.toMatchObject({ name: 'UnknownOutcomeError', cause: error });
      expect(table.sent).toHaveLength(1);
    }
  });

  it('is tried again when it is throttled, and is nothing when that goes on', async () => {
    const throttled = new ProvisionedThroughputExceededException(meta(400));
    const append = { partition: 0, entry: entryOf(), fence: 0 };
    const passing = stubTable([throttled, throttled, new ConditionalCheckFailedException(meta(400))]);
    expect(await createDynamoOffsetStore(passing).commit(ACME, TOPIC, append)).toEqual({ kind: 'gone' });
    const stuck = stubTable(Array(50).fill(throttled));
    const done = createDynamoOffsetStore(stuck).commit(ACME, TOPIC, append);
    await expect(done).rejects.toMatchObject({ code: 'unavailable', sideEffects: 'none', retryable: true });
    expect(stuck.sent).toHaveLength(4);
  });

  it('is unknown when what it wrote cannot be read', async () => {
    const table = stubTable([{ Attributes: { f: { N: '0' } } }]);
    const done = createDynamoOffsetStore(table).commit(ACME, TOPIC, { partition: 0, entry: entryOf(), fence: 0 });
    await expect(done).rejects.toMatchObject({ name: 'UnknownOutcomeError' });
  });

  it('is tried again while a transaction has the item, not for ever', async () => {
    const conflict = new TransactionConflictException(meta(400));
    const gone = new ConditionalCheckFailedException(meta(400));
    const passing = stubTable([conflict, conflict, gone]);
    const append = { partition: 0, entry: entryOf(), fence: 0 };
    expect(await createDynamoOffsetStore(passing).commit(ACME, TOPIC, append)).toEqual({ kind: 'gone' });
    const stuck = stubTable(Array(50).fill(conflict));
    const done = createDynamoOffsetStore(stuck).commit(ACME, TOPIC, append);
    await expect(done).rejects.toMatchObject({ code: 'unavailable', sideEffects: 'none' });
    expect(stuck.sent.length).toBeLessThan(10);
  });
});

describe('a read', () => {
  it('is repeated while nothing answers, and then says so', async () => {
    const lost = socket({ code: 'ECONNRESET' });
    const passing = stubTable([lost, new InternalServerError(meta(500)), {}]);
    expect(await createDynamoOffsetStore(passing).readHead(ACME, refOf())).toBeUndefined();
    const down = stubTable(Array(50).fill(lost));
    const read = createDynamoOffsetStore(down).readHead(ACME, refOf());
    await expect(read).rejects.toMatchObject({ code: 'unavailable', sideEffects: 'none' });
    expect(down.sent).toHaveLength(4);
  });

  it('is not repeated when the request itself is wrong', async () => {
    const wrong = service('ValidationException', 400);
    const table = stubTable([wrong]);
    await expect(createDynamoOffsetStore(table).readHead(ACME, refOf())).rejects.toBe(wrong);
  });
});
