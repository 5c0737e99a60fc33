import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { ChasquiError } from '../../contract/errors.ts';
import { sortedJson } from '../../lib/sorted-json.ts';
import { UnknownOutcomeError } from '../../ports/offset-store.ts';
import type { NamePage } from '../../ports/topic-registry.ts';
import { namedKey } from './keys.ts';
import type { Item, Table } from './table.ts';
import { afterConflicts } from './write-again.ts';

/*
 * Things by name: one partition key for all of one kind and owner, the name as sort key, and `v`, the thing as JSON. Whether it is
 * still what somebody saw is a comparison of texts, so the text has one form: its names are sorted.
 */

export const textOf = (thing: object): string => sortedJson(thing);

export const thingIn = <Thing>(item: Item | undefined): Thing | undefined => {
  const text = item?.['v']?.S;
  return text === undefined ? undefined : (JSON.parse(text) as Thing);
};

/** Lower than every character of a name, and higher than every one. */
const LOWEST = '!';
const HIGHEST = '~';

/** The items of one page, in the order of their names' bytes. */
export const listNamed = async (
  table: Table,
  partition: string,
  { prefix = '', after, limit }: NamePage,
): Promise<Item[]> => {
  const behind = (after ?? '') + LOWEST;
  const from = behind > prefix ? behind : prefix;
  const to = prefix + HIGHEST;
  if (from > to) return [];
  const found: Item[] = [];
  for (let startKey: Item | undefined; found.length < limit; ) {
    const { items, lastKey } = await table.query({
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': { S: partition }, ':from': { S: from }, ':to': { S: to } },
      Limit: limit - found.length,
      ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
    });
    found.push(...items);
    if (lastKey === undefined) break;
    startKey = lastKey;
  }
  return found;
};

/**
 * False when its condition does not hold.
 * @throws {ChasquiError} `unavailable`, which says whether anything may have happened
 */
export const writeIf = async (table: Table, perform: () => Promise<unknown>): Promise<boolean> => {
  try {
    await afterConflicts(table, perform);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    if (error instanceof UnknownOutcomeError)
      throw new ChasquiError('unavailable', 'It is not known whether this was done; look, or try again.', {
        sideEffects: 'possible',
        retryAfterSeconds: 1,
        cause: error,
      });
    throw error;
  }
};

export const putNew = (table: Table, partition: string, name: string, fields: Item): Promise<boolean> =>
  writeIf(table, () =>
    table.put({ Item: { ...namedKey(partition, name), ...fields }, ConditionExpression: 'attribute_not_exists(pk)' }),
  );

export const putInstead = (
  table: Table,
  partition: string,
  name: string,
  seen: object,
  fields: Item,
): Promise<boolean> =>
  writeIf(table, () =>
    table.put({
      Item: { ...namedKey(partition, name), ...fields },
      ConditionExpression: 'v = :seen',
      ExpressionAttributeValues: { ':seen': { S: textOf(seen) } },
    }),
  );
