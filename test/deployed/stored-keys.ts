import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { Stack } from '../../scripts/aws/deployment.ts';
import { createDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { createS3Client } from '../../shared/adapters/s3/client.ts';

const optionsOf = ({ region, endpoint }: Stack) => ({
  region,
  endpoint,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

/** The partition key of every item. */
export const itemKeys = async (stack: Stack): Promise<string[]> => {
  const client = createDynamoClient(optionsOf(stack));
  const keys: string[] = [];
  let from: Record<string, { S: string }> | undefined;
  do {
    const next = from === undefined ? {} : { ExclusiveStartKey: from };
    const page = await client.send(
      new ScanCommand({ TableName: stack.TableName, ProjectionExpression: 'pk', ...next }),
    );
    for (const { pk } of page.Items ?? []) keys.push(pk!.S!);
    from = page.LastEvaluatedKey as typeof from;
  } while (from !== undefined);
  client.destroy();
  return keys;
};

/** The key of every object in every bucket of the stack. */
export const objectKeys = async (stack: Stack): Promise<string[]> => {
  const client = createS3Client({ ...optionsOf(stack), forcePathStyle: true });
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
  const ours = [stack.BucketName, ...(stack.ZoneBucketNames ?? '').split(',')];
  const keys: string[] = [];
  for (const { Name } of Buckets.filter(({ Name: name = '' }) => ours.includes(name))) {
    let from: string | undefined;
    do {
      const next = from === undefined ? {} : { ContinuationToken: from };
      const page = await client.send(new ListObjectsV2Command({ Bucket: Name, ...next }));
      for (const { Key } of page.Contents ?? []) keys.push(Key!);
      from = page.NextContinuationToken;
    } while (from !== undefined);
  }
  client.destroy();
  return keys;
};
