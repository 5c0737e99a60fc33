import { createDynamoProgress } from '../adapters/dynamodb/dynamo-progress.ts';
import { createInlineBlobKeeping } from '../adapters/dynamodb/inline-blob-keeping.ts';
import type { BlobKeeping } from '../ports/blob-keeping.ts';
import type { Progress } from '../ports/progress.ts';
import { type Aws, openAws, type Stoppable } from './aws.ts';
import { awsBlobs } from './aws-blobs.ts';

export interface Maintenance {
  readonly keeping: BlobKeeping;
  readonly knownSince: number;
  readonly repairProgress: Progress;
  readonly retentionProgress: Progress;
}

/** The AWS world with what maintenance needs. @throws {StartError} */
export const openAwsMaintain = async <Drain extends Stoppable>(drain: Drain): Promise<Aws<Drain> & Maintenance> => {
  const service = await openAws({ functionName: 'maintain', drain, blobs: awsBlobs, remembersTopics: false });
  // Assigned, not spread: the operator's key is read when it is asked for.
  return Object.assign(service, {
    keeping: createInlineBlobKeeping(service.table),
    // Every blob's id tells here.
    knownSince: service.clock.now(),
    repairProgress: createDynamoProgress(service.table, 'repair'),
    retentionProgress: createDynamoProgress(service.table, 'retention'),
  });
};
