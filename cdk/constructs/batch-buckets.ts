import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnDirectoryBucket } from 'aws-cdk-lib/aws-s3express';
import { Construct } from 'constructs';
import type { EventBusProps } from '../event-bus-props.ts';
import type { BusFunction } from './bus-function.ts';

/** A bucket of one zone: by name and ARN, as directory buckets are no `IBucket`. */
export interface ZoneBucket {
  readonly name: string;
  readonly arn: string;
  readonly express: boolean;
}

const UNFINISHED_UPLOADS = { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) };

/** The bytes of the batches: one regional bucket, and one bucket for each zone that is named. */
export class BatchBuckets extends Construct {
  readonly regional: Bucket;
  readonly zones: readonly ZoneBucket[];
  readonly #plain: Bucket[] = [];

  constructor(scope: Construct, id: string, props: EventBusProps) {
    super(scope, id);
    this.regional = this.#bucket('Regional', props);
    const { zones = 0 } = props;
    this.zones =
      typeof zones === 'number'
        ? Array.from({ length: zones }, (_, at) => this.#plainZone(at, props))
        : zones.map((zone) => this.#expressZone(zone, props));
  }

  /** These actions on every object; S3 Express gives leave for a session with the bucket instead. */
  bind(made: BusFunction, actions: readonly string[]): void {
    if (actions.length === 0) return;
    made.allow(actions, ...this.#plain.map((bucket) => bucket.arnForObjects('*')));
    made.allow(['s3express:CreateSession'], ...this.zones.filter(({ express }) => express).map(({ arn }) => arn));
    for (const bucket of this.#plain) {
      const id = Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnBucket);
      const reason = 'The wildcard is the name of an object within one bucket; objects are named when they are made.';
      made.acknowledge(`AwsSolutions-IAM5[Resource::<${id}.Arn>/*]`, reason);
    }
  }

  #plainZone(at: number, props: EventBusProps): ZoneBucket {
    const bucket = this.#bucket(`Zone${at}`, props);
    return { name: bucket.bucketName, arn: bucket.bucketArn, express: false };
  }

  /** S3 Express takes TLS only and no public access by itself; its name ends in the zone, which CloudFormation sees to. */
  #expressZone(zone: string, { removalPolicy = RemovalPolicy.RETAIN, encryptionKey }: EventBusProps): ZoneBucket {
    const bucket = new CfnDirectoryBucket(this, `Zone-${zone}`, {
      dataRedundancy: 'SingleAvailabilityZone',
      locationName: zone,
      lifecycleConfiguration: {
        rules: [
          { id: UNFINISHED_UPLOADS.id, status: 'Enabled', abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } },
        ],
      },
      ...(encryptionKey === undefined ? {} : { bucketEncryption: encryptionOf(encryptionKey.keyArn) }),
    });
    bucket.applyRemovalPolicy(removalPolicy);
    const arn = Stack.of(this).formatArn({ service: 's3express', resource: 'bucket', resourceName: bucket.ref });
    return { name: bucket.ref, arn, express: true };
  }

  #bucket(id: string, { encryptionKey, removalPolicy = RemovalPolicy.RETAIN }: EventBusProps): Bucket {
    const bucket = new Bucket(this, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      ...(encryptionKey === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }),
      lifecycleRules: [UNFINISHED_UPLOADS],
      removalPolicy,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Only the functions of this stack read and write it; who asked them what is in the access log of the API.',
    });
    this.#plain.push(bucket);
    return bucket;
  }
}

const encryptionOf = (kmsMasterKeyId: string): CfnDirectoryBucket.BucketEncryptionProperty => ({
  serverSideEncryptionConfiguration: [
    { bucketKeyEnabled: true, serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId } },
  ],
});
