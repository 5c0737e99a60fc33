import { describe, expect, it } from 'vitest';
import { createZonalBlobStore } from '../../../shared/adapters/placement/zonal-blob-store.ts';
import type { TenantId, TopicName } from '../../../shared/contract/ids.ts';
import type { Topic } from '../../../shared/contract/topic.ts';
import { GroupCommit } from '../../../shared/log/group-commit.ts';
import { placeNow, produce } from '../../../shared/log/produce.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import { type RepairReport, repair } from '../../../shared/tenancy/repair.ts';
import { putTopic } from '../../../shared/tenancy/topics.ts';
import { recordOf } from '../../support/log-under-test.ts';
import { memoryPorts } from '../../support/memory-ports.ts';
import { createMemoryZone } from '../adapters/placement/memory-zone.ts';

const OPTIONS = { maxPendingBytes: 1e6, maxPendingRequests: 100, flushBytes: 1e5, commitTimeoutMs: 5000 };
const TENANTS = ['acme', 'globex'] as TenantId[];

/** Two tenants, each with a topic of three copies, one of two and one of one, on three zones. */
const open = async () => {
  const plain = memoryPorts();
  const zones = [0, 1, 2].map((at) => createMemoryZone(plain.clock, `zone ${at}`));
  const replication = { copies: 3, quorum: 2 };
  const zonal = createZonalBlobStore({ zones, clock: plain.clock, random: plain.random, replication });
  const blobs = {
    ...zonal,
    put: (...[tenant, parts, given]: Parameters<typeof zonal.put>) =>
      given?.replication === undefined ? plain.blobs.put(tenant, parts) : zonal.put(tenant, parts, given),
  };
  const ports = { ...plain, blobs, repairs: zonal, deployment: { zones: 3, replicationFactor: 3 } };
  const groupCommit = new GroupCommit(ports, OPTIONS);
  const topics: [TenantId, Topic][] = [];
  for (const id of TENANTS) {
    await ports.tenants.create({ id, name: id, createdAt: '2026-01-31T12:00:00.000Z' });
    for (const replicationFactor of [3, 2, 1]) {
      const name = `copies-${replicationFactor}` as TopicName;
      topics.push([id, (await putTopic(ports, id, name, { partitions: 2, replicationFactor })).topic]);
    }
  }
  const produceEverywhere = async () => {
    for (const [tenant, topic] of topics)
      for (const partition of [0, 1])
        await produce(
          { ...ports, groupCommit },
          {
            tenant,
            topic,
            records: [recordOf('v', { partition })],
            placement: placeNow({ ...ports, groupCommit }, topic),
          },
        );
  };
  return { ports, zones, produceEverywhere };
};

const counts = (report: RepairReport) => [report.checked, report.copied, report.short, report.unreadable];

describe('repair', () => {
  it('brings back what a lost zone held, of every tenant, and leaves topics of one copy alone', async () => {
    const { ports, zones, produceEverywhere } = await open();
    for (let round = 0; round < 3; round += 1) await produceEverywhere();
    const held = zones.reduce((sum, { objects }) => sum + objects.size, 0);
    expect(held).toBe(2 * 3 * 2 * (3 + 2));
    const lost = zones[1]!.objects.size;
    zones[1]!.objects.clear();
    const report = await repair(ports, undefined);
    expect(counts(report)).toEqual([24, lost, 0, 0]);
    expect(report.nextCursor).toBeNull();
    expect(zones.reduce((sum, { objects }) => sum + objects.size, 0)).toBe(held);
    expect(counts(await repair(ports, undefined))).toEqual([24, 0, 0, 0]);
  });

  it('counts what still has too few copies, and what nobody has', async () => {
    const { ports, zones, produceEverywhere } = await open();
    await produceEverywhere();
    zones[2]!.state = 'lost';
    const first = await repair(ports, undefined);
    expect([first.checked, first.short, first.unreadable]).toEqual([8, 4, 0]);
    for (const zone of zones) zone.objects.clear();
    expect(counts(await repair(ports, undefined))).toEqual([8, 0, 0, 8]);
  });

  it('stops when its time is over, and goes on at its cursor until everything was looked at once', async () => {
    const { ports, produceEverywhere } = await open();
    for (let round = 0; round < 3; round += 1) await produceEverywhere();
    let nowMs = 0;
    const clock: Clock = { ...ports.clock, now: () => (nowMs += 6000) };
    let [calls, checked, cursor] = [0, 0, undefined as string | undefined];
    do {
      const report = await repair({ ...ports, clock }, cursor);
      [calls, checked, cursor] = [calls + 1, checked + report.checked, report.nextCursor ?? undefined];
    } while (cursor !== undefined);
    expect(calls).toBeGreaterThan(3);
    expect(checked).toBe(24);
  });

  it('goes on behind a topic or a tenant that is gone, and takes no cursor of another kind', async () => {
    const { ports, produceEverywhere } = await open();
    await produceEverywhere();
    const at = (text: string) => Buffer.from(text).toString('base64url');
    expect((await repair(ports, at('repair:acme/copies-3/0/0'))).checked).toBe(6);
    expect((await repair(ports, at('repair:acme/gone/0/0'))).checked).toBe(4);
    expect((await repair(ports, at('repair:bcme/gone/1/7'))).checked).toBe(4);
    expect((await repair(ports, at('repair:globex/copies-3/1/99'))).checked).toBe(0);
    for (const cursor of ['', 'x', at('topics:orders'), at('repair:a/b/c/0')])
      await expect(repair(ports, cursor)).rejects.toMatchObject({ code: 'invalid_cursor' });
  });

  it('brings up the batches of a topic that is to have more copies than before', async () => {
    const { ports, zones, produceEverywhere } = await open();
    await produceEverywhere();
    const all = zones.reduce((sum, { objects }) => sum + objects.size, 0);
    for (const tenant of TENANTS) await putTopic(ports, tenant, 'copies-2' as TopicName, { replicationFactor: 3 });
    expect(counts(await repair(ports, undefined))).toEqual([8, 4, 0, 0]);
    expect(zones.reduce((sum, { objects }) => sum + objects.size, 0)).toBe(all + 4);
  });
});
