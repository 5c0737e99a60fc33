import { createInlineBlobStore, INLINE_BYTES } from '../adapters/dynamodb/inline-blob-store.ts';
import type { TableOptions } from '../adapters/dynamodb/table.ts';
import { createPlacedBlobStore } from '../adapters/placement/placed-blob-store.ts';
import { createStandardBlobStore } from '../adapters/placement/standard-blob-store.ts';
import { createZonalBlobStore, type ZonalBlobStore } from '../adapters/placement/zonal-blob-store.ts';
import { lazyS3Bucket } from '../adapters/s3/lazy-s3-bucket.ts';
import type { S3Bucket } from '../adapters/s3/s3-bucket.ts';
import type { BlobRepair } from '../ports/blob-repair.ts';
import { majority } from '../tenancy/topic-settings.ts';
import type { AwsBlobs } from './aws.ts';
import type { AwsConfig } from './aws-config.ts';
import { systemClock } from './system-clock.ts';
import { systemRandom } from './system-random.ts';

/** Nobody's object: asked for, it opens a connection, and a session with a directory bucket. */
const WARM_UP_KEY = '_warm-up/none';

const zonalStore = (buckets: readonly S3Bucket[], copies: number): ZonalBlobStore | undefined =>
  buckets.length === 0
    ? undefined
    : createZonalBlobStore({
        zones: buckets,
        clock: systemClock,
        random: systemRandom,
        replication: { copies, quorum: majority(copies) },
      });

const KEPT_BY_THEMSELVES: BlobRepair = { repair: async () => undefined };

/** S3's client is a quarter of what a function loads, and small batches never come to it. */
const bucketOpener = ({ endpoint }: AwsConfig): ((bucket: string) => S3Bucket) => {
  let opening: Promise<(bucket: string) => S3Bucket> | undefined;
  const load = async () => (await import('../adapters/s3/open-s3-buckets.ts')).openS3Buckets(endpoint !== undefined);
  return (bucket) =>
    lazyS3Bucket(bucket, async () => {
      opening ??= load();
      return (await opening)(bucket);
    });
};

/** Batches in the table, in the regional bucket, and in the zones' buckets where the deployment names some. */
export const awsBlobs = (table: TableOptions, config: AwsConfig): AwsBlobs => {
  const open = bucketOpener(config);
  const [regional, zones] = [open(config.bucket), config.zoneBuckets.map(open)];
  const zonal = zonalStore(zones, config.replicationFactor);
  const stores = {
    inline: createInlineBlobStore({ ...table, random: systemRandom }),
    standard: createStandardBlobStore({ bucket: regional, clock: systemClock, random: systemRandom }),
    ...(zonal === undefined ? {} : { zonal }),
  };
  const { inlineMaxBytes } = config;
  return {
    ...createPlacedBlobStore({ stores, inlineMaxBytes, inlineLimitBytes: INLINE_BYTES, clock: systemClock }),
    ...(zonal === undefined ? KEPT_BY_THEMSELVES : { repair: zonal.repair }),
    // Without zones, S3 is for what no item can hold: it is loaded when the first such batch comes.
    warm: async () => {
      await Promise.allSettled(zones.map((bucket) => bucket.size(WARM_UP_KEY)));
    },
  };
};
