import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTopic, produce } from '../support/bus.ts';
import { Http } from '../support/http.ts';
import { ServerProcess } from '../support/server-process.ts';
import {
  type Call,
  canTrace,
  descriptorOf,
  isFileWrite,
  isSocketRead,
  isSocketWrite,
  isSync,
  parseStrace,
} from '../support/strace-log.ts';

const WRITES =
  'read,readv,write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,recvfrom,fsync,fdatasync,msync,sync_file_range';
const SYNCS = 'fsync,fdatasync,msync,sync_file_range,syncfs';

/** kill -9 cannot tell whether the disk had the bytes: the operating system keeps them. What was called, and when, can. */
describe.skipIf(!canTrace())('under strace', () => {
  let scratch: string;
  let server: ServerProcess;

  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'chasqui-strace-'));
  });

  afterEach(async () => {
    await server.cleanup();
    await rm(scratch, { recursive: true, force: true });
  });

  const startTraced = async (calls: string, shownBytes: number, ...more: string[]): Promise<Http> => {
    const options = [
      '-f',
      '--seccomp-bpf',
      '-qq',
      '-y',
      '-s',
      String(shownBytes),
      '-e',
      `trace=${calls}`,
      '-e',
      'signal=none',
      ...more,
    ];
    server = await ServerProcess.start({ wrapper: ['strace', ...options, '-o', join(scratch, 'log')] });
    return new Http(server.baseUrl, 64);
  };

  const stopAndRead = async (http: Http): Promise<Call[]> => {
    http.close();
    await server.kill();
    return parseStrace(await readFile(join(scratch, 'log'), 'latin1'));
  };

  /** The answer to the request that carried the marker: the first write to the same socket behind its read. */
  const findAnswer = (calls: readonly Call[], marker: string): Call | undefined => {
    const asked = calls.find((call) => isSocketRead(call) && call.text.includes(marker));
    if (asked === undefined) throw new Error(`No read of ${marker} in the log.`);
    const socket = descriptorOf(asked);
    return calls.find((call) => call.begun > asked.ended && isSocketWrite(call) && descriptorOf(call) === socket);
  };

  const expectSyncedBefore = (calls: readonly Call[], marker: string): void => {
    const written = calls.filter((call) => isFileWrite(call, server.dataFolder) && call.text.includes(marker));
    expect(written.length, `writes of ${marker}`).toBeGreaterThan(0);
    const answer = findAnswer(calls, marker);
    expect(answer?.text, `the answer to ${marker}`).toContain('200 OK');
    const stored = Math.min(...written.map(({ ended }) => ended));
    const sync = calls.find((call) => isSync(call) && call.begun > stored && call.ended < (answer?.begun ?? 0));
    expect(
      sync,
      `${marker} was answered at ${answer?.begun} without a sync behind its bytes at ${stored}`,
    ).toBeDefined();
  };

  it('no produce is answered before a sync that follows its bytes, one at a time', async () => {
    const http = await startTraced(WRITES, 3000);
    const api = http.as(server.devKey);
    const { name: topic } = await makeTopic(api, { partitions: 3 });
    const markers = Array.from({ length: 12 }, (_, index) => `marker-${index}-${topic}`);
    for (const [index, value] of markers.entries()) await produce(api, topic, [{ value, partition: index % 3 }]);
    const calls = await stopAndRead(http);
    for (const marker of markers) expectSyncedBefore(calls, marker);
  });

  it('nor a large one, which goes past the page cache', async () => {
    const http = await startTraced(`${WRITES},openat`, 5000);
    const api = http.as(server.devKey);
    const { name: topic } = await makeTopic(api);
    const markers = Array.from({ length: 4 }, (_, index) => `marker-${index}-${topic} `);
    for (const marker of markers) await produce(api, topic, [{ value: marker.repeat(20_000) }]);
    const calls = await stopAndRead(http);
    expect(calls.filter(({ name, text }) => name === 'openat' && /O_DIRECT\b/.test(text)).length).toBe(1);
    for (const marker of markers) expectSyncedBefore(calls, marker);
  });

  it('nor many at a time', async () => {
    const http = await startTraced(WRITES, 60_000);
    const api = http.as(server.devKey);
    const { name: topic } = await makeTopic(api, { partitions: 3 });
    const markers = Array.from({ length: 48 }, (_, client) =>
      Array.from({ length: 5 }, (_one, turn) => `marker-${client}-${turn}-${topic}`),
    );
    await Promise.all(
      markers.map(async (mine, index) => {
        for (const value of mine) await produce(api, topic, [{ value, partition: index % 3 }]);
      }),
    );
    const calls = await stopAndRead(http);
    for (const marker of markers.flat()) expectSyncedBefore(calls, marker);
  });

  it('shares a sync among many answers where many ask at once', async () => {
    // So slow that all clients ask again meanwhile, however busy this machine is.
    const http = await startTraced(SYNCS, 0, '-e', `inject=${SYNCS}:delay_enter=20000`);
    const api = http.as(server.devKey);
    const { name: topic } = await makeTopic(api);
    const countSyncs = async (): Promise<number> =>
      parseStrace(await readFile(join(scratch, 'log'), 'latin1')).filter(isSync).length;
    const before = await countSyncs();
    const [clients, turns] = [64, 30];
    const value = 'x'.repeat(1000);
    await Promise.all(
      Array.from({ length: clients }, async () => {
        for (let turn = 0; turn < turns; turn += 1) await produce(api, topic, [{ value }]);
      }),
    );
    const perAnswer = ((await countSyncs()) - before) / (clients * turns);
    console.log(`syncs per answer at ${clients} connections: ${perAnswer.toFixed(3)}`);
    expect(perAnswer).toBeGreaterThan(0);
    expect(perAnswer).toBeLessThan(0.2);
    await stopAndRead(http);
  });
});
