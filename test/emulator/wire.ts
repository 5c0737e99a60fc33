import { setTimeout as pause } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';

/** What may become of a request between the SDK and the endpoint. */
export const FAULTS = [
  'the request is lost',
  'the answer is lost',
  'the request comes late',
  'the answer is slow',
  '500, nothing done',
  '500, done',
  'throttled',
  'in conflict with a transaction',
] as const;
export type Fault = (typeof FAULTS)[number];
/** Those that differ for whoever writes on condition only: a slow answer is an answer, and nothing done is nothing done. */
export const DISTINCT_FAULTS = FAULTS.filter(
  (fault) => fault !== 'the answer is slow' && fault !== '500, nothing done',
);

/** A middleware of the innermost step: what it calls sends the request and answers the raw response. */
type Send = (args: unknown) => Promise<unknown>;
interface Stack {
  add(middleware: (next: Send, context: { commandName?: string }) => Send, options: object): void;
}

interface Weighed {
  readonly output?: { readonly ConsumedCapacity?: Capacity | readonly Capacity[] };
}
interface Capacity {
  readonly CapacityUnits?: number;
}

const READS = new Set(['GetItemCommand', 'BatchGetItemCommand', 'QueryCommand']);
const SLOW_MS = 30;

const response = (statusCode: number, body: string, headers: Record<string, string> = {}) => ({
  response: { statusCode, headers, body: Buffer.from(body) },
});

const dynamoError = (statusCode: number, type: string, more: object = {}) =>
  response(
    statusCode,
    JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'injected', ...more }),
  );

const s3Error = (statusCode: number, code: string) =>
  response(statusCode, `<Error><Code>${code}</Code><Message>injected</Message></Error>`);

const isS3 = (command: string): boolean => command.endsWith('ObjectCommand');
const failed = (command: string) =>
  isS3(command) ? s3Error(500, 'InternalError') : dynamoError(500, 'InternalServerError');
const throttled = (command: string) =>
  isS3(command) ? s3Error(503, 'SlowDown') : dynamoError(400, 'ProvisionedThroughputExceededException');
const conflict = (command: string) => {
  const more = { CancellationReasons: [{ Code: 'TransactionConflict', Message: 'injected' }, { Code: 'None' }] };
  return command === 'TransactWriteItemsCommand'
    ? dynamoError(400, 'TransactionCanceledException', more)
    : dynamoError(400, 'TransactionConflictException');
};
const lost = (): Error => Object.assign(new Error('injected: connection lost'), { code: 'ECONNRESET' });

/** Counts the requests of its clients by name, and lets a fault happen to one of them. */
export class Wire {
  /** Capacity units that DynamoDB says it has billed since the start. */
  readonly units = { read: 0, write: 0 };
  /** Names of commands, in the order in which they were sent. */
  readonly calls: string[] = [];
  readonly #late: (() => Promise<unknown>)[] = [];
  /** Buckets that fail every request. */
  readonly downBuckets = new Set<string>();
  /** From this request on nothing gets through, as if the process had died there. */
  #deadFrom = Number.POSITIVE_INFINITY;
  #faultAt = -1;
  #fault: Fault = FAULTS[0];

  attach(client: DynamoDBClient | S3Client): void {
    const middleware =
      (next: Send, { commandName = '' }: { commandName?: string }): Send =>
      (args) =>
        this.#send(commandName, (args as { input: { Bucket?: string } }).input.Bucket ?? '', () => next(args));
    const stack = client.middlewareStack as unknown as Stack;
    stack.add(middleware, { step: 'deserialize', priority: 'low', name: 'wire' });
    stack.add(
      (next, { commandName = '' }) =>
        (args) =>
          this.#weigh(commandName, next, args as { input: object }),
      { step: 'initialize', name: 'units' },
    );
  }

  /** Forgets what was counted; request number `at` from here on, 0 the first, meets the fault. */
  start(fault?: Fault, at = -1): void {
    this.calls.length = 0;
    Object.assign(this.units, { read: 0, write: 0 });
    this.#faultAt = fault === undefined ? -1 : at;
    this.#deadFrom = Number.POSITIVE_INFINITY;
    this.#fault = fault ?? FAULTS[0];
  }

  /** As `start`; request number `at` and all behind it are lost, the first of them after it was done if `done`. */
  startDying(at: number, done: boolean): void {
    this.start('the answer is lost', done ? at : -1);
    this.#deadFrom = done ? at + 1 : at;
  }

  /** How often each command was sent. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const call of this.calls) {
      const name = call.replace(/Command$/, '');
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  }

  /** Sends the requests that are late, and waits until they have ended somehow. */
  async deliverLate(): Promise<void> {
    await Promise.allSettled(this.#late.splice(0).map((send) => send()));
  }

  async #weigh(command: string, next: Send, args: { input: object }): Promise<unknown> {
    if (!('TableName' in args.input || 'RequestItems' in args.input || 'TransactItems' in args.input))
      return next(args);
    const answer = (await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } })) as Weighed;
    for (const { CapacityUnits = 0 } of [answer.output?.ConsumedCapacity ?? []].flat())
      this.units[READS.has(command) ? 'read' : 'write'] += CapacityUnits;
    return answer;
  }

  async #send(command: string, bucket: string, send: () => Promise<unknown>): Promise<unknown> {
    this.calls.push(command);
    if (this.downBuckets.has(bucket) || this.calls.length > this.#deadFrom) throw lost();
    return this.calls.length - 1 === this.#faultAt ? this.#disturb(command, send) : send();
  }

  async #disturb(command: string, send: () => Promise<unknown>): Promise<unknown> {
    switch (this.#fault) {
      case 'the request is lost':
        throw lost();
      case 'the answer is lost':
        await send();
        throw lost();
      case 'the request comes late':
        this.#late.push(send);
        throw lost();
      case 'the answer is slow':
        await pause(SLOW_MS);
        return send();
      case '500, nothing done':
        return failed(command);
      case '500, done':
        await send();
        return failed(command);
      case 'throttled':
        return throttled(command);
      case 'in conflict with a transaction':
        return isS3(command) ? send() : conflict(command);
    }
  }
}
