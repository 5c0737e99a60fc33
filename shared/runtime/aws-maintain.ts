import { createDynamoProgress } from '../adapters/dynamodb/dynamo-progress.ts';
import type { Progress } from '../ports/progress.ts';
import { type Aws, openAws, type Stoppable } from './aws.ts';
import { awsBlobs } from './aws-blobs.ts';

/** The AWS world with what maintenance needs. @throws {StartError} */
export const openAwsMaintain = async <Drain extends Stoppable>(
  drain: Drain,
): Promise<Aws<Drain> & { readonly progress: Progress }> => {
  const service = await openAws({ functionName: 'maintain', drain, blobs: awsBlobs, remembersTopics: false });
  // Assigned, not spread: the operator's key is read when it is asked for.
  return Object.assign(service, { progress: createDynamoProgress(service.table, 'repair') });
};
