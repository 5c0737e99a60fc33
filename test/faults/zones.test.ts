import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../cli/command-line.ts';
import { AttachedStrace } from '../support/attach-strace.ts';
import { fetchFrom, makeTopic, produce } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { canTrace } from '../support/strace-log.ts';
import { useServer } from '../support/use-server.ts';
import { Ledger } from './ledger.ts';

const WRITERS = 8;
const REQUESTS = 60;
const PARTITIONS = 4;

describe('zone folders', () => {
  const used = useServer({ settings: { CHASQUI_ZONES: '3' } });

  const zone = (number: number): string => join(used.server.dataFolder, `zone-${number}`);
  /** Writers are at it meanwhile. */
  const lose = (number: number): Promise<void> =>
    rm(zone(number), { recursive: true, force: true, maxRetries: 20, retryDelay: 5 });
  const repair = async () => {
    const run = commandLine({ CHASQUI_URL: used.server.baseUrl, CHASQUI_KEY: used.server.operatorKey });
    const { code, stdout, stderr } = await run(['repair', '--json']);
    return { code, stderr, counts: JSON.parse(stdout) as Record<string, number> };
  };
  /** Names and sizes of what a zone holds. */
  const heldIn = async (number: number): Promise<string[]> => {
    const names = await readdir(join(zone(number), 'dev')).catch(() => []);
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(zone(number), 'dev', name))).size));
    return names.map((name, at) => `${name} ${sizes[at]}`).sort();
  };
  const write = async (ledger: Ledger, topic: string, meanwhile: () => Promise<void>): Promise<void> => {
    let lost: Promise<void> | undefined;
    const writer = async (name: string): Promise<void> => {
      for (let sequence = 0; sequence < REQUESTS; sequence += 1) {
        if (sequence === REQUESTS / 3) lost ??= meanwhile();
        const value = { writer: name, sequence };
        ledger.acknowledge([value], await produce(used.api, topic, [{ key: name, value }]));
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, at) => writer(`writer-${at}`)));
    await lost;
  };

  it('lose nothing and stop nothing when one is deleted under load; repair ends with three copies of everything', async () => {
    const topic = await makeTopic(used.api, { partitions: PARTITIONS });
    expect(topic).toMatchObject({ replicationFactor: 3, writeQuorum: 2 });
    const ledger = new Ledger();
    await write(ledger, topic.name, () => lose(2));
    expect(ledger.acknowledged).toBe(WRITERS * REQUESTS);
    expect(await ledger.audit(used.api, topic.name, PARTITIONS)).toEqual([]);
    await expect(stat(zone(2))).rejects.toThrow('ENOENT');
    const meanwhile = await repair();
    expect(meanwhile).toMatchObject({ code: 1, counts: { copied: 0, unreadable: 0 } });
    expect(meanwhile.counts['short']).toBe(meanwhile.counts['checked']);
    await mkdir(zone(2));
    const { code, counts } = await repair();
    const [first, second, third] = await Promise.all([heldIn(1), heldIn(2), heldIn(3)]);
    expect([code, counts['short'], counts['unreadable']]).toEqual([0, 0, 0]);
    expect(first.length).toBe(counts['checked']);
    expect([second, third]).toEqual([first, first]);
    expect((await repair()).counts).toMatchObject({ copied: 0, short: 0 });
  });

  it('say 503 and that nothing happened when fewer than the quorum are left, and keep what was acknowledged', async () => {
    const [thrice, once] = [await makeTopic(used.api), await makeTopic(used.api, { replicationFactor: 1 })];
    await produce(used.api, thrice.name, [{ value: 'kept' }]);
    await repair();
    await Promise.all([lose(1), lose(3)]);
    const path = `/v1/topics/${thrice.name}/records`;
    for (const value of ['refused', 'refused again']) {
      const refused = expectProblem(await used.api.post(path, { records: [{ value }] }), 503, 'unavailable');
      expect(refused).toMatchObject({ sideEffects: 'none', retryable: true });
    }
    await produce(used.api, once.name, [{ value: 'in the journal' }]);
    const look = () => fetchFrom(used.api, thrice.name);
    expect(await look()).toMatchObject({ records: [{ value: 'kept' }], highWatermark: 1 });
    await used.killAndRestart();
    expect(await look()).toMatchObject({ records: [{ value: 'kept' }], highWatermark: 1 });
    await Promise.all([mkdir(zone(1)), mkdir(zone(3))]);
    expect((await repair()).code).toBe(0);
    // What was refused has left garbage in the one zone that took it, and nowhere else.
    const [first, second] = await Promise.all([heldIn(1), heldIn(2)]);
    expect(second.filter((held) => !first.includes(held))).toHaveLength(2);
    await lose(2);
    expect(await look()).toMatchObject({ records: [{ value: 'kept' }], highWatermark: 1 });
    await produce(used.api, thrice.name, [{ value: 'goes on' }]);
    await mkdir(zone(2));
  });

  it('take over older batches when a topic is to have more copies', async () => {
    const { name } = await makeTopic(used.api, { replicationFactor: 1 });
    await produce(used.api, name, [{ value: 'older' }]);
    await repair();
    const before = (await heldIn(1)).length;
    await used.api.patch(`/v1/topics/${name}`, { replicationFactor: 3, writeQuorum: 2 });
    await produce(used.api, name, [{ value: 'newer' }]);
    expect((await repair()).code).toBe(0);
    for (const number of [1, 2, 3]) expect((await heldIn(number)).length).toBe(before + 2);
  });

  /** The operating system keeps what a killed process wrote, so only a disk that refuses can tell whether it was asked. */
  it.skipIf(!canTrace()).each([
    ['the bytes', 'fdatasync', ''],
    ['their names', 'fsync', 'dev'],
  ])('do not count a copy before %s are flushed to the disk', async (_, call, folder) => {
    const { name } = await makeTopic(used.api);
    await produce(used.api, name, [{ value: 'before' }]);
    const folders = folder === '' ? [] : [1, 2].map((number) => join(zone(number), folder));
    const broken = await AttachedStrace.to(used.server.pid, `${call}:error=EIO`, folders);
    const refused = await used.api.post(`/v1/topics/${name}/records`, { records: [{ value: 'refused' }] });
    await broken.detach();
    expect(expectProblem(refused, 503, 'unavailable')).toMatchObject({ sideEffects: 'none' });
    await produce(used.api, name, [{ value: 'after' }]);
    expect((await fetchFrom(used.api, name)).records.map(({ value }) => value)).toEqual(['before', 'after']);
  });
});
