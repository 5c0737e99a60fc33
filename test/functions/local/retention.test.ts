import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { makeTopic, must } from '../../support/bus.ts';
import { type Caller, Http } from '../../support/http.ts';
import { ServerProcess } from '../../support/server-process.ts';

const OLD = Date.UTC(2001, 0, 31);
const LONGEST_MS = 20_000;

const boundsOf = async (api: Caller, topic: string) => {
  const answer = must(await api.get(`/v1/topics/${topic}/partitions`), 200);
  const [partition] = answer.json<{ data: { logStartOffset: number; highWatermark: number }[] }>().data;
  return [partition?.logStartOffset, partition?.highWatermark];
};

const store = async (api: Caller, topic: string, count: number): Promise<void> => {
  const records = Array.from({ length: count }, (_, value) => ({ value, timestamp: OLD }));
  must(await api.post(`/v1/topics/${topic}/records`, { records }), 200);
};

it('removes by itself what a topic no longer keeps, and only that, whatever the records say of their time', {
  timeout: 60_000,
}, async () => {
  const server = await ServerProcess.start();
  const open = (): [Http, Caller] => {
    const http = new Http(server.baseUrl);
    return [http, http.as(server.devKey)];
  };
  try {
    const [http, api] = open();
    const [short, long] = [(await makeTopic(api, { retentionMs: 1000 })).name, (await makeTopic(api, {})).name];
    for (const topic of [short, long]) await store(api, topic, 3);
    for (const until = Date.now() + LONGEST_MS; Date.now() < until; await pause(100))
      if ((await boundsOf(api, short))[0] === 3) break;
    expect(await boundsOf(api, short)).toEqual([3, 3]);
    expect(await boundsOf(api, long)).toEqual([0, 3]);
    http.close();

    // When they were stored is known after a restart too: the first record of the short topic goes, those of the long one stay.
    await server.kill();
    await server.restart();
    const [again, later] = open();
    await store(later, short, 1);
    for (const until = Date.now() + LONGEST_MS; Date.now() < until; await pause(100))
      if ((await boundsOf(later, short))[0] === 4) break;
    expect(await boundsOf(later, short)).toEqual([4, 4]);
    expect(await boundsOf(later, long)).toEqual([0, 3]);
    again.close();
  } finally {
    await server.cleanup();
  }
});
