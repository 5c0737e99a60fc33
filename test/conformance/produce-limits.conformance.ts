import { expect, it } from 'vitest';
import { must, produce, produceText, readPartition, valueBytes, watermarks } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Chapter } from './bus-under-test.ts';

const MIB = 1_048_576;

export const produceLimits: Chapter = (bus) => {
  const json = (size: number): string => `"${'x'.repeat(size - 2)}"`;

  it('a record is at most 1,048,576 bytes of value', async () => {
    const topic = await bus.topic();
    must(await produceText(bus.api, topic, `{"records":[{"value":${json(MIB)}}]}`), 200);
    expectProblem(
      await produceText(bus.api, topic, `{"records":[{"value":${json(MIB + 1)}}]}`),
      413,
      'payload_too_large',
    );
    const bytes = (size: number): object[] => [{ valueBase64: Buffer.alloc(size, 0xff).toString('base64') }];
    await produce(bus.api, topic, bytes(MIB));
    expectProblem(
      await bus.api.post(`/v1/topics/${topic}/records`, { records: bytes(MIB + 1) }),
      413,
      'payload_too_large',
    );
    expect(
      (await readPartition(bus.api, topic, 0, '&maxBytes=4194304')).map((record) => valueBytes(record)?.length),
    ).toEqual([MIB - 2, MIB]);
  });

  it('counts key, value and headers together', async () => {
    const topic = await bus.topic();
    const record = (size: number) => ({
      key: 'k'.repeat(1000),
      headers: { name: 'v'.repeat(96) },
      value: 'x'.repeat(size - 1102),
    });
    await produce(bus.api, topic, [record(MIB)]);
    expectProblem(
      await bus.api.post(`/v1/topics/${topic}/records`, { records: [record(MIB + 1)] }),
      413,
      'payload_too_large',
    );
    expect(await watermarks(bus.api, topic)).toEqual([1]);
  });

  it('a request is at most 4,194,304 bytes', async () => {
    const topic = await bus.topic();
    const records = Array.from({ length: 4 }, () => `{"value":"${'x'.repeat(1_000_000)}"}`).join(',');
    const body = (size: number): string => `{"records":[${records}]}`.padEnd(size, ' ');
    must(await produceText(bus.api, topic, body(4_194_304)), 200);
    expectProblem(await produceText(bus.api, topic, body(4_194_305)), 413, 'payload_too_large');
    expect(await watermarks(bus.api, topic)).toEqual([4]);
  });
};
