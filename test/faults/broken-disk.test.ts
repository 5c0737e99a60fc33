import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AttachedStrace } from '../support/attach-strace.ts';
import { makeTopic, must, produce } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { type Answer, type Caller, Http } from '../support/http.ts';
import { ServerProcess } from '../support/server-process.ts';
import type { Problem, Produced } from '../support/shapes.ts';
import { canTrace } from '../support/strace-log.ts';
import { Ledger } from './ledger.ts';

const SYNCS = 'fsync,fdatasync,msync';
const WRITES = 'write,writev,pwrite64,pwritev,pwritev2';

/** Of a record that goes past the page cache. */
const LARGE_BYTES = 400_000;

/** However sick the disk, whoever asks is told something. */
const ANSWER_WITHIN_MS = 15_000;

/** A disk that fails says so once; what was not synced then may never be (fsync gives an error, and afterwards says that all is well). */
describe.skipIf(!canTrace())('a disk that fails', () => {
  let server: ServerProcess;
  let http: Http;
  let api: Caller;
  let topic: string;
  let trace: AttachedStrace | undefined;
  let padding: string;

  beforeEach(async () => {
    padding = '';
    server = await ServerProcess.start();
    http = new Http(server.baseUrl);
    api = http.as(server.devKey);
    topic = (await makeTopic(api, { partitions: 2 })).name;
  });

  afterEach(async () => {
    http.close();
    await trace?.detach();
    await server.cleanup();
  });

  const send = (writer: string, sequence: number): Promise<Answer> => {
    const json = { records: [{ key: writer, value: { writer, sequence, padding } }] };
    return api.send('POST', `/v1/topics/${topic}/records`, { json, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  };

  const write = async (ledger: Ledger, writer: string, from: number, to: number): Promise<Answer[]> => {
    const refused: Answer[] = [];
    for (let sequence = from; sequence < to; sequence += 1) {
      const answer = await send(writer, sequence);
      if (answer.status === 200) ledger.acknowledge([{ writer, sequence }], answer.json<Produced>().results);
      else ledger.doubt([{ writer, sequence }]);
      if (answer.status !== 200) refused.push(answer);
    }
    return refused;
  };

  const dataFiles = async (): Promise<string[]> => {
    const entries = await readdir(server.dataFolder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  };

  const expectHonest = (refused: readonly Answer[]): void => {
    for (const answer of refused) {
      const problem = answer.json<Problem>();
      expect([500, 503]).toContain(answer.status);
      expect(['internal', 'unavailable']).toContain(problem.code);
      expect(['none', 'possible']).toContain(problem.sideEffects);
    }
  };

  const restartSound = async (): Promise<Caller> => {
    http.close();
    await server.kill();
    await server.restart();
    http = new Http(server.baseUrl);
    return http.as(server.devKey);
  };

  it.each([
    ['syncs', `${SYNCS}:error=EIO`, false, 0],
    ['writes', `${WRITES}:error=EIO`, true, 0],
    ['writes for want of space', `${WRITES}:error=ENOSPC`, true, 0],
    ['large writes, past the page cache', 'pwrite64:error=EIO', true, LARGE_BYTES],
  ])('%s: nothing is acknowledged that is not kept', async (_, inject, onlyData, paddingBytes) => {
    padding = 'x'.repeat(paddingBytes);
    const ledger = new Ledger();
    await write(ledger, 'before', 0, 20);
    trace = await AttachedStrace.to(server.pid, inject, onlyData ? await dataFiles() : []);
    const refused = await write(ledger, 'during', 0, 10);
    await trace.detach();
    expectHonest(refused);
    expect(refused.length, 'refused while the disk failed').toBeGreaterThan(0);
    // A file that fails may be given up for a new one, which is not on the list of those that fail.
    if (!onlyData) expect(ledger.acknowledged, 'acknowledged while no sync could succeed').toBe(20);
    await write(ledger, 'after', 0, 10);
    const sound = await restartSound();
    expect(await ledger.audit(sound, topic, 2)).toEqual([]);
    await produce(sound, topic, [{ value: 'it works again' }]);
  });

  it('that takes nothing past the page cache gets everything through it', async () => {
    padding = 'x'.repeat(LARGE_BYTES);
    const ledger = new Ledger();
    trace = await AttachedStrace.to(server.pid, 'pwrite64:error=EINVAL', await dataFiles());
    expect(await write(ledger, 'during', 0, 10)).toEqual([]);
    await trace.detach();
    expect(await ledger.audit(await restartSound(), topic, 2)).toEqual([]);
  });

  it('is no fault of ours: topics cannot be changed for want of space, and nothing has happened', async () => {
    trace = await AttachedStrace.to(server.pid, `${WRITES}:error=ENOSPC`, await dataFiles());
    const answers = [
      await api.put(`/v1/topics/${topic}-other`, {}),
      await api.patch(`/v1/topics/${topic}`, { retentionMs: 5000 }),
    ];
    await trace.detach();
    for (const answer of answers) expectProblem(answer, 503, 'unavailable');
    expect(answers.map((answer) => answer.json<Problem>().sideEffects)).toEqual(['none', 'none']);
    must(await api.put(`/v1/topics/${topic}-other`, {}), 201);
    must(await api.patch(`/v1/topics/${topic}`, { retentionMs: 5000 }), 200);
  });

  it('a disk that is slow makes producers wait or come back later, and memory does not pile up', async () => {
    trace = await AttachedStrace.to(server.pid, `${SYNCS}:delay_enter=150000`);
    const value = Buffer.alloc(1_000_000, 'x');
    const path = `/v1/topics/${topic}/records`;
    const until = Date.now() + 2500;
    const seen = new Map<number, number>();
    const flood = Array.from({ length: 120 }, async () => {
      while (Date.now() < until) {
        const answer = await api.send('POST', path, { body: value });
        seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
        if (answer.status !== 503) continue;
        const problem = answer.json<Problem>();
        expect(problem).toMatchObject({ code: 'unavailable', retryable: true, sideEffects: 'none' });
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
        await new Promise((done) => setTimeout(done, 100));
      }
    });
    await Promise.all(flood);
    await trace.detach();
    expect([...seen.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(seen.get(200)).toBeGreaterThan(0);
    const peak = await peakMemoryMib(server.pid);
    console.log(`slow disk: ${JSON.stringify(Object.fromEntries(seen))}, peak ${peak} MiB`);
    expect(peak).toBeLessThan(700);
    must(await api.get(`/v1/topics/${topic}/records?limit=1`), 200);
  }, 30_000);
});

const peakMemoryMib = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
};
