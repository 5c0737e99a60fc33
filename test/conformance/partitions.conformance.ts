import { describe, expect, it } from 'vitest';
import { fetchFrom, must, partitionsOf, produce } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Answer } from '../support/http.ts';
import type { Chapter } from './bus-under-test.ts';

const ten = Array.from({ length: 10 }, (_, index) => ({ value: `v${index}`, partition: 0 }));

export const partitions: Chapter = (bus) => {
  const trim = (topic: string, before: number | string, partition: number | string = 0): Promise<Answer> =>
    bus.api.delete(`/v1/topics/${topic}/partitions/${partition}/records?beforeOffset=${before}`);

  const filled = async (): Promise<string> => {
    const topic = await bus.topic(2);
    await produce(bus.api, topic, ten.slice(0, 5));
    await produce(bus.api, topic, ten.slice(5));
    return topic;
  };

  it('are listed with their offsets and bytes, in order', async () => {
    const topic = await bus.topic(3);
    const fresh = await partitionsOf(bus.api, topic);
    expect(fresh).toEqual(
      [0, 1, 2].map((partition) => ({ partition, logStartOffset: 0, highWatermark: 0, retainedBytes: 0 })),
    );
    await produce(bus.api, topic, [
      { value: 'x'.repeat(5000), partition: 1 },
      { value: 'y', partition: 1 },
    ]);
    const [first, second, third] = await partitionsOf(bus.api, topic);
    expect(second).toMatchObject({ logStartOffset: 0, highWatermark: 2 });
    expect(second?.retainedBytes).toBeGreaterThan(0);
    expect([first, third].map((one) => one?.retainedBytes)).toEqual([0, 0]);
  });

  it('answer 404 where there is none of that number', async () => {
    const topic = await bus.topic(2);
    for (const partition of [2, 1024, 99_999]) {
      expectProblem(
        await bus.api.get(`/v1/topics/${topic}/partitions/${partition}/records`),
        404,
        'partition_not_found',
      );
      expectProblem(await trim(topic, 0, partition), 404, 'partition_not_found');
    }
  });

  it.each(['-1', 'x', '1.5', '0x1', '%20', '1e0', '99999999999999999999', '%2F', '..%2F0'])(
    'do not take %s for a number',
    async (partition) => {
      const topic = await bus.topic(2);
      const answer = await bus.api.get(`/v1/topics/${topic}/partitions/${partition}/records`);
      expect([400, 404]).toContain(answer.status);
      expectProblem(answer, answer.status, ['invalid_request', 'partition_not_found', 'not_found']);
    },
  );

  describe('DELETE of records', () => {
    it('moves the log start, to any offset up to the high watermark', async () => {
      const topic = await filled();
      for (const before of [0, 3, 5, 7, 10]) {
        expect(must(await trim(topic, before), 200).json()).toEqual({ logStartOffset: before });
        const [partition, other] = await partitionsOf(bus.api, topic);
        expect(partition).toMatchObject({ logStartOffset: before, highWatermark: 10 });
        expect(other).toMatchObject({ logStartOffset: 0, highWatermark: 0 });
        const read = await fetchFrom(bus.api, topic);
        expect(read.records.map(({ offset }) => offset)).toEqual(
          Array.from({ length: 10 - before }, (_, index) => before + index),
        );
        expect(read).toMatchObject({ logStartOffset: before, highWatermark: 10, nextOffset: 10 });
      }
    });

    it('never moves it back', async () => {
      const topic = await filled();
      must(await trim(topic, 6), 200);
      expect(must(await trim(topic, 2), 200).json()).toEqual({ logStartOffset: 6 });
      expect(must(await trim(topic, 6), 200).json()).toEqual({ logStartOffset: 6 });
      expect((await fetchFrom(bus.api, topic)).logStartOffset).toBe(6);
    });

    it('answers 416 beyond the high watermark, and moves nothing', async () => {
      const topic = await filled();
      const problem = expectProblem(await trim(topic, 11), 416, 'offset_out_of_range');
      expect(problem).toMatchObject({ logStartOffset: 0, highWatermark: 10 });
      expect((await fetchFrom(bus.api, topic)).records).toHaveLength(10);
    });

    it('makes offsets before the log start 416, with the truth', async () => {
      const topic = await filled();
      must(await trim(topic, 4), 200);
      for (const offset of [0, 3]) {
        const answer = await bus.api.get(`/v1/topics/${topic}/partitions/0/records?offset=${offset}`);
        expect(expectProblem(answer, 416, 'offset_out_of_range')).toMatchObject({
          logStartOffset: 4,
          highWatermark: 10,
        });
      }
      expect((await fetchFrom(bus.api, topic, 0, '?offset=4')).records[0]).toMatchObject({ offset: 4, value: 'v4' });
    });

    it('lets the log go on where it was', async () => {
      const topic = await filled();
      must(await trim(topic, 10), 200);
      const [placed] = await produce(bus.api, topic, [{ value: 'next', partition: 0 }]);
      expect(placed?.offset).toBe(10);
      const read = await fetchFrom(bus.api, topic);
      expect(read.records).toMatchObject([{ offset: 10, value: 'next' }]);
      expect((await fetchFrom(bus.api, topic, 0, '?tail=5')).records).toHaveLength(1);
    });

    it('gives retained bytes back', async () => {
      const topic = await filled();
      const before = (await partitionsOf(bus.api, topic))[0]?.retainedBytes ?? 0;
      must(await trim(topic, 5), 200);
      const after = (await partitionsOf(bus.api, topic))[0]?.retainedBytes ?? 0;
      expect(after).toBeLessThan(before);
      must(await trim(topic, 10), 200);
      expect((await partitionsOf(bus.api, topic))[0]?.retainedBytes).toBe(0);
    });

    it.each(['', '-1', 'x', '1.5', '1e1', '%2B1', '9007199254740993000'])('refuses beforeOffset=%s', async (before) => {
      const topic = await filled();
      const answer = await trim(topic, before);
      if (answer.status === 416) expectProblem(answer, 416, 'offset_out_of_range');
      else expectProblem(answer, 400, 'invalid_request');
      expect((await fetchFrom(bus.api, topic)).records).toHaveLength(10);
    });

    it('needs beforeOffset', async () => {
      const topic = await filled();
      expectProblem(await bus.api.delete(`/v1/topics/${topic}/partitions/0/records`), 400, 'invalid_request');
      expect((await fetchFrom(bus.api, topic)).records).toHaveLength(10);
    });
  });
};
