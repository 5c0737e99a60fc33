import { type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { createS3Bucket } from '../../../../shared/adapters/s3/s3-bucket.ts';

const serviceError = (name: string, httpStatusCode: number) =>
  new S3ServiceException({ name, message: name, $fault: 'client', $metadata: { httpStatusCode } });

/** A bucket whose client answers one thing, and what it was asked. */
const stub = (answer: object | Error) => {
  const inputs: Record<string, unknown>[] = [];
  const send = async (command: { input: Record<string, unknown> }) => {
    inputs.push(command.input);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const client = { send } as unknown as Pick<S3Client, 'send'>;
  return { inputs, bucket: createS3Bucket({ client, bucket: 'b' }) };
};

const bodyOf = (text: string) => ({ Body: { transformToByteArray: async () => Buffer.from(text) } });

describe('createS3Bucket', () => {
  it('writes only what is not there, and takes what is there for its own', async () => {
    const { inputs, bucket } = stub({});
    await bucket.put('acme/id', Buffer.from('hello'));
    expect(inputs).toMatchObject([{ Bucket: 'b', Key: 'acme/id', IfNoneMatch: '*', ContentLength: 5 }]);
    await stub(serviceError('PreconditionFailed', 412)).bucket.put('acme/id', Buffer.from('hello'));
    await expect(stub(serviceError('SlowDown', 503)).bucket.put('acme/id', Buffer.from('x'))).rejects.toThrow(
      'SlowDown',
    );
  });

  it('asks for a range, its last byte included', async () => {
    const { inputs, bucket } = stub(bodyOf('ell'));
    expect(Buffer.from((await bucket.get('acme/id', { start: 1, length: 3 }))!).toString()).toBe('ell');
    await bucket.get('acme/id');
    expect(inputs.map(({ Range }) => Range)).toEqual(['bytes=1-3', undefined]);
  });

  it('tells an object that is missing or too short from a read that failed', async () => {
    expect(await stub(serviceError('NoSuchKey', 404)).bucket.get('acme/id')).toBeUndefined();
    expect(await stub(serviceError('NotFound', 404)).bucket.size('acme/id')).toBeUndefined();
    expect(await stub(serviceError('InvalidRange', 416)).bucket.get('acme/id')).toHaveLength(0);
    await expect(stub(serviceError('NoSuchBucket', 404)).bucket.get('acme/id')).rejects.toThrow('NoSuchBucket');
  });

  it('takes an object for missing that it is told nothing of, for want of leave to list the bucket', async () => {
    expect(await stub(serviceError('AccessDenied', 403)).bucket.get('acme/id')).toBeUndefined();
    expect(await stub(serviceError('Forbidden', 403)).bucket.size('acme/id')).toBeUndefined();
    const expired = stub(serviceError('RequestTimeTooSkewed', 403)).bucket;
    await expect(expired.get('acme/id')).rejects.toThrow('RequestTimeTooSkewed');
  });
});
