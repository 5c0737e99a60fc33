import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  ScanCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';

/** As many as one request takes. */
const BATCH = 25;
const AT_ONCE = 8;
/** DynamoDB hands back what it had no room for. */
const PAUSE_MS = 200;

type Item = Record<string, AttributeValue>;

const keyOf = ({ pk, sk }: Item): Item => ({ pk: pk!, sk: sk! });
const nameOf = ({ pk, sk }: Item): string => `${pk!.S} ${sk!.S}`;

async function* itemsOf(client: DynamoDBClient, TableName: string, keysOnly: boolean): AsyncGenerator<Item[]> {
  let ExclusiveStartKey: Item | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName,
        ConsistentRead: true,
        ...(keysOnly ? { ProjectionExpression: 'pk, sk' } : {}),
        ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
      }),
    );
    yield page.Items ?? [];
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
}

const write = async (client: DynamoDBClient, table: string, requests: WriteRequest[]): Promise<void> => {
  for (let left = requests; left.length > 0; ) {
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: left } }));
    left = UnprocessedItems?.[table] ?? [];
    if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
};

const writeAll = async (client: DynamoDBClient, table: string, requests: readonly WriteRequest[]): Promise<void> => {
  for (let at = 0; at < requests.length; at += BATCH * AT_ONCE) {
    const batches = Array.from({ length: AT_ONCE }, (_, n) => requests.slice(at + n * BATCH, at + (n + 1) * BATCH));
    await Promise.all(batches.map((batch) => write(client, table, batch)));
  }
};

/**
 * Makes one table what the other is, item by item. What only the second one holds goes: an index segment that is newer than its head
 * would be damage. Nobody may write to either meanwhile; broken off, it is run again.
 */
export const copyTable = async (
  client: DynamoDBClient,
  from: string,
  to: string,
): Promise<{ readonly copied: number; readonly removed: number }> => {
  const known = new Set<string>();
  for await (const items of itemsOf(client, from, false)) {
    for (const item of items) known.add(nameOf(item));
    await writeAll(
      client,
      to,
      items.map((Item) => ({ PutRequest: { Item } })),
    );
  }
  let removed = 0;
  for await (const items of itemsOf(client, to, true)) {
    const extra = items.filter((item) => !known.has(nameOf(item)));
    removed += extra.length;
    await writeAll(
      client,
      to,
      extra.map((item) => ({ DeleteRequest: { Key: keyOf(item) } })),
    );
  }
  return { copied: known.size, removed };
};
