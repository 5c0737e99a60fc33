import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

export interface S3BucketOptions {
  /** Has to send every request once: `maxAttempts: 1`. */
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;
}

interface Range {
  readonly start: number;
  readonly length: number;
}

/** A bucket of S3, or a directory bucket of S3 Express, as a place for immutable objects: what blob stores build on. */
export interface S3Bucket {
  readonly name: string;
  put(key: string, bytes: Uint8Array, abort?: AbortSignal): Promise<void>;
  get(key: string, range?: Range, abort?: AbortSignal): Promise<Uint8Array | undefined>;
  size(key: string): Promise<number | undefined>;
  delete(key: string): Promise<void>;
}

const hasStatus = (error: unknown, status: number): boolean =>
  error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;

/**
 * A missing bucket is no missing object: the zone is lost, or the deployment is wrong. To whoever may not list the bucket, S3 says
 * "access denied" of an object that is not there.
 */
const isMissing = (error: unknown): boolean =>
  (hasStatus(error, 404) && (error as S3ServiceException).name !== 'NoSuchBucket') ||
  (hasStatus(error, 403) && (error as S3ServiceException).name === 'AccessDenied');

const optionsOf = (abort: AbortSignal | undefined) => (abort === undefined ? {} : { abortSignal: abort });
const rangeOf = ({ start, length }: Range): string => `bytes=${start}-${start + length - 1}`;

export const createS3Bucket = ({ client, bucket }: S3BucketOptions): S3Bucket => ({
  name: bucket,
  put: async (key, bytes, abort) => {
    const object = { Bucket: bucket, Key: key, Body: bytes, ContentLength: bytes.length, IfNoneMatch: '*' };
    try {
      await client.send(new PutObjectCommand(object), optionsOf(abort));
    } catch (error) {
      // The name is unique, so what is there is what an earlier try has put there.
      if (!hasStatus(error, 412)) throw error;
    }
  },
  get: async (key, range, abort) => {
    const object = { Bucket: bucket, Key: key, ...(range === undefined ? {} : { Range: rangeOf(range) }) };
    try {
      const { Body } = await client.send(new GetObjectCommand(object), optionsOf(abort));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (isMissing(error)) return undefined;
      if (hasStatus(error, 416)) return new Uint8Array();
      throw error;
    }
  },
  size: async (key) => {
    try {
      return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).ContentLength;
    } catch (error) {
      // The answer to a HEAD has no body that could say more.
      if (hasStatus(error, 404) || hasStatus(error, 403)) return undefined;
      throw error;
    }
  },
  delete: async (key) => {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  },
});
