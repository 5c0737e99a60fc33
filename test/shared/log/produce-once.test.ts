import { describe, expect, it } from 'vitest';
import type { TopicId } from '../../../shared/contract/ids.ts';
import { LIMITS } from '../../../shared/contract/limits.ts';
import { writeKeptAnswer } from '../../../shared/log/kept-answer.ts';
import { produceOnce } from '../../../shared/log/produce-once.ts';
import type { Claim } from '../../../shared/ports/offset-store.ts';
import { ACME, TOPIC, topicIdOf } from '../../support/index-fixtures.ts';
import { createLogUnderTest, type LogUnderTest, recordOf, topicOf } from '../../support/log-under-test.ts';
import type { Loss } from '../../support/lossy-offset-store.ts';

const records = () => [
  recordOf('a', { key: Buffer.from('k1') }),
  recordOf('b', { key: Buffer.from('k2') }),
  recordOf('c'),
];

const once = (log: LogUnderTest, fields: Partial<Parameters<typeof produceOnce>[1]> = {}) =>
  produceOnce(
    { ...log.ports, groupCommit: log.groupCommit },
    {
      tenant: ACME,
      topic: async () => log.topic,
      records: records(),
      key: 'order-7',
      fingerprint: Buffer.from('body one'),
      ...fields,
    },
  );

const stored = async (log: LogUnderTest) =>
  (await Promise.all(Array.from({ length: log.topic.partitions }, (_, partition) => log.values(partition)))).flat();

describe('produceOnce', () => {
  it('tells a repeat what the first one was told, and stores nothing', async () => {
    const log = await createLogUnderTest(4);
    const first = await once(log);
    expect(first.replayed).toBe(false);
    await log.ports.clock.advance(60_000);
    expect(await once(log)).toEqual({ results: first.results, replayed: true });
    expect(await stored(log)).toHaveLength(3);
  });

  it('answers a repeat as before when the topic has grown, or is gone', async () => {
    const log = await createLogUnderTest(2);
    const first = await once(log);
    expect((await once(log, { topic: async () => topicOf(64) })).results).toEqual(first.results);
    expect((await once(log, { topic: () => Promise.reject(new Error('never asked')) })).results).toEqual(first.results);
  });

  it('refuses the key with another body', async () => {
    const log = await createLogUnderTest();
    await once(log);
    await expect(once(log, { fingerprint: Buffer.from('body two') })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
  });

  it('stores once of many at the same time', async () => {
    const log = await createLogUnderTest(3);
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => once(log)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers)
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'idempotency_in_flight' });
    expect(await stored(log)).toHaveLength(3);
  });

  describe('of what another call has begun', () => {
    const placement = { partitions: 4, stickyPartition: 3, timestamp: 1_234_567 };
    const begunFor = async (topicId: TopicId, fingerprint = Buffer.from('body one')) => {
      const log = await createLogUnderTest(4);
      const { claim } = log.ports.offsets;
      log.ports.offsets.claim = async (...args): Promise<Claim> => {
        await claim(...args);
        return { kind: 'begun', fingerprint, topicId, answer: writeKeptAnswer({ placement, baseOffsets: [] }) };
      };
      return log;
    };

    it('goes on as it was decided then', async () => {
      const { results, replayed } = await once(await begunFor(TOPIC), { records: [recordOf('c')] });
      expect(results).toEqual([{ partition: 3, offset: 0, timestamp: 1_234_567 }]);
      expect(replayed).toBe(false);
    });

    it('decides anew where the topic is another one by now', async () => {
      const log = await begunFor(topicIdOf(2));
      const { results } = await once(log, { records: [recordOf('c')] });
      expect(results).toMatchObject([{ timestamp: log.ports.clock.now() }]);
    });

    it('has nothing to do with another request', async () => {
      const log = await begunFor(TOPIC, Buffer.from('body two'));
      await expect(once(log)).rejects.toMatchObject({ code: 'idempotency_key_reused' });
      expect(await stored(log)).toEqual([]);
    });
  });

  it('frees the key when the request failed', async () => {
    const log = await createLogUnderTest();
    await expect(once(log, { expectedOffset: 9 })).rejects.toMatchObject({ code: 'precondition_failed' });
    await expect(once(log, { topic: () => Promise.reject(new Error('no topic')) })).rejects.toThrow('no topic');
    expect((await once(log)).replayed).toBe(false);
  });

  it('says what went wrong when the key cannot be freed either', async () => {
    const log = await createLogUnderTest();
    log.ports.offsets.release = () => Promise.reject(new Error('the key cannot be freed'));
    await expect(once(log, { expectedOffset: 9 })).rejects.toMatchObject({ code: 'precondition_failed' });
  });

  it('forgets a key after its window', async () => {
    const log = await createLogUnderTest();
    await once(log);
    await log.ports.clock.advance(LIMITS.idempotencyWindowMs + 1);
    expect((await once(log)).replayed).toBe(false);
    expect(await stored(log)).toHaveLength(6);
  });

  it.each<Loss>(['done', 'never', 'late'])('stores once when the commit loses its answer (%s)', async (loss) => {
    const log = await createLogUnderTest(3);
    log.ports.offsets.loseNext(loss);
    const { results } = await once(log);
    await log.ports.offsets.deliver();
    expect(await stored(log)).toHaveLength(3);
    expect(await once(log)).toEqual({ results, replayed: true });
  });

  it('keeps keys of tenants and of topics apart as the contract says', async () => {
    const log = await createLogUnderTest();
    await once(log);
    const other = 'globex' as typeof ACME;
    await log.ports.offsets.createPartitions(other, TOPIC, 0, 1);
    expect((await once(log, { tenant: other })).replayed).toBe(false);
  });
});
