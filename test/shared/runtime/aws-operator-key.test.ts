import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../shared/lib/sha256.ts';
import { OperatorKeyHash } from '../../../shared/runtime/aws-operator-key.ts';

const hex = (key: OperatorKeyHash): string => Buffer.from(key.current).toString('hex');

describe('OperatorKeyHash', () => {
  it('is that of nobody until it has been read, and says so', async () => {
    const errors: unknown[] = [];
    let works = false;
    const read = () => (works ? Promise.resolve('secret') : Promise.reject(new Error('denied')));
    const key = new OperatorKeyHash(
      read,
      () => 0,
      (error) => errors.push(error),
    );
    await key.refresh();
    expect(key.known).toBe(false);
    expect(errors).toHaveLength(1);
    works = true;
    await key.refresh();
    expect(key.known).toBe(true);
    expect(hex(key)).toBe(sha256('secret'));
  });

  it('is read again when it is a minute old, beside the requests', async () => {
    let now = 1_000_000;
    let secret = 'old';
    const key = new OperatorKeyHash(
      async () => secret,
      () => now,
      () => undefined,
    );
    await key.refresh();
    secret = 'new';
    now += 60_000;
    expect(hex(key)).toBe(sha256('old'));
    now += 1;
    expect(hex(key)).toBe(sha256('old'));
    await key.refresh();
    expect(hex(key)).toBe(sha256('new'));
  });

  it('stays as it was while it cannot be read', async () => {
    let works = true;
    const read = () => (works ? Promise.resolve('secret') : Promise.reject(new Error('away')));
    const key = new OperatorKeyHash(
      read,
      () => 0,
      () => undefined,
    );
    await key.refresh();
    works = false;
    await key.refresh();
    expect(hex(key)).toBe(sha256('secret'));
    expect(key.known).toBe(true);
  });
});
