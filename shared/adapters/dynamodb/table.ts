import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { ChasquiError } from '../../contract/errors.ts';
import { type RetryPolicy, retry } from '../../lib/retry.ts';
import type { Clock } from '../../ports/clock.ts';
import { UnknownOutcomeError } from '../../ports/offset-store.ts';
import type { Random } from '../../ports/random.ts';
import { failureOf } from './failure.ts';

export type Item = Record<string, AttributeValue>;
export interface Key {
  readonly pk: { readonly S: string };
  readonly sk: { readonly S: string };
}

/** `eventual` costs half, and may not see what was written a moment ago. */
export type Consistency = 'strong' | 'eventual';

export interface TableOptions {
  /** Has to send every request once: `maxAttempts: 1`. */
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly tableName: string;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly random: Pick<Random, 'fraction'>;
  /** How long to wait for an answer, in milliseconds (3,000). */
  readonly timeoutMs?: number;
}

type Without<Input> = Omit<Input, 'TableName'>;
export type Put = Without<PutItemCommandInput>;
export type Update = Without<UpdateItemCommandInput> & { readonly UpdateExpression: string };
/** What one of several writes that are done together says of itself; `TableName` is added. */
export interface TransactionPart {
  readonly Put?: Put;
  readonly Update?: Update;
  readonly Delete?: Without<DeleteItemCommandInput>;
  readonly ConditionCheck?: Pick<Update, 'Key' | 'ConditionExpression' | 'ExpressionAttributeValues'>;
}

/** As many as one request takes. */
const KEYS_PER_BATCH = 100;
const READS: RetryPolicy = { attempts: 4, baseMs: 20, maxMs: 400 };
const TIMEOUT_MS = 3000;

/** As good as a request that failed: tried again after a pause. */
class NothingProcessed extends Error {}

/**
 * One table. Reads are strongly consistent unless said, and are repeated while nothing answers; writes are sent once. What a write throws is the
 * SDK's own error where its condition did not hold or another transaction was in the way, `unavailable` where nothing was written and
 * a repeat may help, and `UnknownOutcomeError` where nobody can tell.
 */
export class Table {
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly world: { sleep(ms: number): Promise<void>; fraction(): number };
  readonly #client: Pick<DynamoDBClient, 'send'>;
  readonly #name: string;
  readonly #timeoutMs: number;

  constructor({ client, tableName, clock, random, timeoutMs = TIMEOUT_MS }: TableOptions) {
    this.clock = clock;
    this.world = { sleep: (ms) => clock.sleep(ms), fraction: () => random.fraction() };
    this.#client = client;
    this.#name = tableName;
    this.#timeoutMs = timeoutMs;
  }

  get(key: Key, consistency: Consistency = 'strong'): Promise<Item | undefined> {
    const ConsistentRead = consistency === 'strong';
    const command = () => new GetItemCommand({ TableName: this.#name, Key: { ...key }, ConsistentRead });
    return this.#read(async () => (await this.#client.send(command(), this.#options())).Item);
  }

  /** The items that are there, in no order. The keys have to be different. */
  async getMany(keys: readonly Key[], consistency: Consistency = 'strong'): Promise<Item[]> {
    const found: Item[] = [];
    for (let at = 0; at < keys.length; at += KEYS_PER_BATCH) {
      let missing: Item[] = keys.slice(at, at + KEYS_PER_BATCH).map((key) => ({ ...key }));
      while (missing.length > 0) {
        const { items, unprocessed } = await this.#getBatch(missing, consistency);
        found.push(...items);
        missing = unprocessed;
      }
    }
    return found;
  }

  query(input: Without<QueryCommandInput>): Promise<{ items: Item[]; lastKey: Item | undefined }> {
    const command = () => new QueryCommand({ ...input, TableName: this.#name, ConsistentRead: true });
    return this.#read(async () => {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(command(), this.#options());
      return { items: Items, lastKey: LastEvaluatedKey };
    });
  }

  /** Page after page: one request for each megabyte of the items that the condition on the keys picks. */
  async queryAll(input: Without<QueryCommandInput>, limit = Number.POSITIVE_INFINITY): Promise<Item[]> {
    const found: Item[] = [];
    let startKey: Item | undefined;
    do {
      const { items, lastKey } = await this.query({
        ...input,
        ...(Number.isFinite(limit) && { Limit: limit - found.length }),
        ...(startKey !== undefined && { ExclusiveStartKey: startKey }),
      });
      found.push(...items);
      startKey = lastKey;
    } while (startKey !== undefined && found.length < limit);
    return found;
  }

  /** Every item under a partition key. */
  queryPartition(partition: string): Promise<Item[]> {
    return this.queryAll({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: partition } },
    });
  }

  async put(input: Put): Promise<void> {
    await this.#write(() =>
      this.#client.send(new PutItemCommand({ ...input, TableName: this.#name }), this.#options()),
    );
  }

  /** The attributes that `ReturnValues` asks for. */
  async update(input: Update): Promise<Item> {
    const command = new UpdateItemCommand({ ...input, TableName: this.#name });
    return (await this.#write(() => this.#client.send(command, this.#options()))).Attributes ?? {};
  }

  async delete(input: Without<DeleteItemCommandInput>): Promise<void> {
    const command = new DeleteItemCommand({ ...input, TableName: this.#name });
    await this.#write(() => this.#client.send(command, this.#options()));
  }

  async transact(parts: readonly TransactionPart[]): Promise<void> {
    const command = new TransactWriteItemsCommand({ TransactItems: parts.map((part) => this.#named(part)) });
    await this.#write(() => this.#client.send(command, this.#options()));
  }

  #named({ Put, Update, Delete, ConditionCheck }: TransactionPart): TransactWriteItem {
    const TableName = this.#name;
    if (Put !== undefined) return { Put: { ...Put, TableName } as TransactWriteItem['Put'] };
    if (Update !== undefined) return { Update: { ...Update, TableName } as TransactWriteItem['Update'] };
    if (ConditionCheck !== undefined)
      return { ConditionCheck: { ...ConditionCheck, TableName } as TransactWriteItem['ConditionCheck'] };
    return { Delete: { ...Delete, TableName } as TransactWriteItem['Delete'] };
  }

  /** An answer is at most 16 MB; what does not fit, or is too much at the moment, comes back as unprocessed. */
  #getBatch(keys: Item[], consistency: Consistency): Promise<{ items: Item[]; unprocessed: Item[] }> {
    const wanted = { [this.#name]: { Keys: keys, ConsistentRead: consistency === 'strong' } };
    return this.#read(async () => {
      const answer = await this.#client.send(new BatchGetItemCommand({ RequestItems: wanted }), this.#options());
      const unprocessed = answer.UnprocessedKeys?.[this.#name]?.Keys ?? [];
      if (unprocessed.length === keys.length) throw new NothingProcessed('All keys are unprocessed.');
      return { items: answer.Responses?.[this.#name] ?? [], unprocessed };
    });
  }

  #options(): { abortSignal: AbortSignal } {
    return { abortSignal: AbortSignal.timeout(this.#timeoutMs) };
  }

  async #read<Answer>(perform: () => Promise<Answer>): Promise<Answer> {
    try {
      return await retry(this.world, READS, perform, (error) => failureOf(error) !== 'refused');
    } catch (error) {
      throw failureOf(error) === 'refused' ? error : unavailable('The index cannot be read now.', error);
    }
  }

  async #write<Answer>(perform: () => Promise<Answer>): Promise<Answer> {
    try {
      return await perform();
    } catch (error) {
      const failure = failureOf(error);
      if (failure === 'unknown') throw new UnknownOutcomeError({ cause: error });
      throw failure === 'unavailable' ? unavailable('The index cannot be written now.', error) : error;
    }
  }
}

export const unavailable = (detail: string, cause: unknown): ChasquiError =>
  new ChasquiError('unavailable', detail, { retryAfterSeconds: 1, cause });
