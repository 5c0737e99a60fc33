import { sortedJson } from '../../lib/sorted-json.ts';
import type { NamePage } from '../../ports/topic-registry.ts';
import { namedKey } from './keys.ts';
import type { Item, Table } from './table.ts';
import { writeIf } from './write-again.ts';

/*
 * Things by name: one partition key for all of one kind and owner, the name as sort key, and `v`, the thing as JSON. Whether it is
 * still what somebody saw is a comparison of texts, so the text has one form: its names are sorted.
 */

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
  const between = {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: { ':pk': { S: partition }, ':from': { S: from }, ':to': { S: to } },
  };
  return table.queryAll(between, limit);
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
      ExpressionAttributeValues: { ':seen': { S: sortedJson(seen) } },
    }),
  );
