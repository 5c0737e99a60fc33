import { describe, expect, it } from 'vitest';
import { TAIL_LIMIT } from '../../../shared/ports/offset-store.ts';
import { ACME, headOf, refOf, TOPIC } from '../../support/index-fixtures.ts';
import { createLogUnderTest, recordOf } from '../../support/log-under-test.ts';

const withResolvers = () => {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
};

const offsetsOf = (results: readonly object[]) =>
  results.map((result) => ('offset' in result ? result.offset : undefined));

describe('GroupCommit', () => {
  it('stores requests that arrive together as one blob and one entry a partition', async () => {
    const log = await createLogUnderTest();
    let blobs = 0;
    const put = log.ports.blobs.put;
    log.ports.blobs.put = (...args) => {
      blobs++;
      return put(...args);
    };
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((value) => log.produce([recordOf(value), recordOf(`${value}2`)])),
    );
    expect(answers.map(offsetsOf)).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
      [6, 7],
    ]);
    expect(blobs).toBe(1);
    expect((await headOf(log.ports.offsets, refOf())).tail).toHaveLength(1);
    expect(await log.values()).toEqual(['a', 'a2', 'b', 'b2', 'c', 'c2', 'd', 'd2']);
  });

  it('gives requests that share a flush one partition where they leave it to us, and the next flush another', async () => {
    const log = await createLogUnderTest(1000);
    const placesOf = async (count: number): Promise<number[]> => {
      const answers = await Promise.all(Array.from({ length: count }, () => log.produce([recordOf('v')])));
      return answers.map(([result]) => (result as { partition: number }).partition);
    };
    const flushes = [await placesOf(5), await placesOf(1), await placesOf(3)];
    expect(flushes.map((places) => new Set(places).size)).toEqual([1, 1, 1]);
    expect(new Set(flushes.flat()).size).toBeGreaterThan(1);
  });

  it('makes further entries of a flush that is large, so that none is large', async () => {
    const log = await createLogUnderTest(1, { maxPendingBytes: 10_000_000, flushBytes: 10_000_000 });
    const values = Array.from({ length: 12 }, (_, at) => String.fromCharCode(97 + at).repeat(50_000));
    const answers = await Promise.all(values.map((value) => log.produce([recordOf(value)])));
    expect(answers.map(offsetsOf)).toEqual(values.map((_, at) => [at]));
    const { tail } = await headOf(log.ports.offsets, refOf());
    expect(tail.map(({ count }) => count)).toEqual([5, 5, 2]);
    expect(new Set(tail.map(({ blob }) => blob.id)).size).toBe(1);
    expect(await log.values()).toEqual(values);
  });

  it('fills the next flush while one is under way', async () => {
    const log = await createLogUnderTest();
    const sizes: number[] = [];
    const { promise: held, resolve: release } = withResolvers();
    const put = log.ports.blobs.put;
    log.ports.blobs.put = async (tenant, parts) => {
      sizes.push(parts.reduce((sum, part) => sum + part.length, 0));
      if (sizes.length === 1) await held;
      return put(tenant, parts);
    };
    const first = log.produce([recordOf('first')]);
    await log.ports.clock.turn();
    await log.ports.clock.turn();
    const rest = Array.from({ length: 10 }, (_, at) => log.produce([recordOf(`${at}`)]));
    await log.ports.clock.turn();
    expect(sizes).toHaveLength(1);
    release();
    await Promise.all([first, ...rest]);
    expect(sizes).toHaveLength(2);
    expect(await log.values()).toEqual(['first', ...Array.from({ length: 10 }, (_, at) => `${at}`)]);
  });

  it('answers unavailable at once when more waits than fits, and recovers', async () => {
    const log = await createLogUnderTest(1, { maxPendingRequests: 2 });
    const answers = await Promise.allSettled(['a', 'b', 'c'].map((value) => log.produce([recordOf(value)])));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(answers[2]).toMatchObject({ reason: { code: 'unavailable', sideEffects: 'none', retryAfterSeconds: 1 } });
    await log.produce([recordOf('d')]);
    expect(await log.values()).toEqual(['a', 'b', 'd']);
  });

  it('takes one request over the byte bound when nothing else waits', async () => {
    const log = await createLogUnderTest(1, { maxPendingBytes: 10 });
    await log.produce([recordOf('x'.repeat(1000))]);
    const both = await Promise.allSettled([log.produce([recordOf('a')]), log.produce([recordOf('b')])]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('reports that nothing was stored when the blob store fails', async () => {
    const log = await createLogUnderTest();
    const put = log.ports.blobs.put;
    log.ports.blobs.put = () => Promise.reject(new Error('disk full'));
    await expect(log.produce([recordOf('a')])).rejects.toMatchObject({ code: 'unavailable', sideEffects: 'none' });
    log.ports.blobs.put = put;
    await log.produce([recordOf('b')]);
    expect(await log.values()).toEqual(['b']);
  });

  it('fails only the partition that fails', async () => {
    const log = await createLogUnderTest(2);
    const commit = log.ports.offsets.commit;
    log.ports.offsets.commit = (tenant, topicId, append) =>
      append.partition === 1 ? Promise.reject(new Error('throttled')) : commit(tenant, topicId, append);
    const results = await log.produce([recordOf('a', { partition: 0 }), recordOf('b', { partition: 1 })]);
    expect(results).toMatchObject([
      { partition: 0, offset: 0 },
      { error: { code: 'unavailable', sideEffects: 'none' } },
    ]);
  });

  it('lets one of many conditional requests win an offset', async () => {
    const log = await createLogUnderTest();
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, (_, at) => log.produce([recordOf(`${at}`)], { expectedOffset: 0 })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const lost = answers.find(({ status }) => status === 'rejected');
    expect(lost).toMatchObject({
      reason: { code: 'precondition_failed', extra: { expectedOffset: 0, highWatermark: 1 } },
    });
    expect(await log.values()).toHaveLength(1);
  });

  it('keeps offsets dense over thousands of requests on several partitions', async () => {
    const log = await createLogUnderTest(3);
    const total = 3 * TAIL_LIMIT * 3;
    for (let at = 0; at < total; at += 9)
      await Promise.all(
        Array.from({ length: 9 }, (_, n) => log.produce([recordOf(`${at + n}`, { partition: n % 3 })])),
      );
    await log.groupCommit.idle();
    for (const partition of [0, 1, 2]) {
      const values = await log.values(partition);
      expect(values).toEqual(Array.from({ length: total / 3 }, (_, at) => `${at * 3 + partition}`));
    }
  });

  it('tells a deleted topic apart from a broken store', async () => {
    const log = await createLogUnderTest();
    await log.ports.offsets.dropPartitions(ACME, TOPIC, 1);
    await expect(log.produce([recordOf('a')])).rejects.toMatchObject({ code: 'topic_not_found' });
  });
});
