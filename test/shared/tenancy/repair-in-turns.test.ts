import { expect, it } from 'vitest';
import type { BlobRepair } from '../../../shared/ports/blob-repair.ts';
import { REPAIR_BUDGET_MS } from '../../../shared/tenancy/repair.ts';
import { repairInTurns } from '../../../shared/tenancy/repair-in-turns.ts';
import { PushWorld } from '../../support/push-world.ts';

const PARTITIONS = 4;

/** Batches of four partitions, each of which takes as long to repair as one answer may. */
const open = async () => {
  const looked: string[] = [];
  const repairs: BlobRepair = {
    repair: async (_, { id }) => {
      looked.push(id);
      await world.clock.advance(REPAIR_BUDGET_MS);
      return { copies: 2, made: 1 };
    },
  };
  const world = new PushWorld({ deployment: { zones: 2, replicationFactor: 2 } });
  const { service } = world;
  await service.tenants.create({ id: world.tenant, name: 'acme', createdAt: '2026-01-31T12:00:00.000Z' });
  await world.topic('orders', PARTITIONS);
  for (let n = 0; n < 40; n += 1) await world.send('orders', [{ key: `k${n}`, value: n }]);
  const kept: { cursor: string | undefined } = { cursor: undefined };
  const progress = {
    load: async () => kept.cursor,
    save: async (cursor: string | undefined) => {
      kept.cursor = cursor;
    },
  };
  const turn = (forMs: number) => repairInTurns({ ...service, repairs }, progress, world.clock.now() + forMs);
  return { looked, kept, turn, log: service.log };
};

it('a repair by the clock goes on where the one before has come to, and begins anew when it is through', async () => {
  const { looked, kept, turn, log } = await open();
  const first = await turn(1);
  expect(first.nextCursor).toBe(kept.cursor);
  expect(kept.cursor).toEqual(expect.any(String));
  const partly = looked.length;
  const second = await turn(100 * REPAIR_BUDGET_MS);
  expect([second.nextCursor, kept.cursor]).toEqual([null, undefined]);
  expect(looked).toHaveLength(40);
  expect([first.copied, second.copied]).toEqual([partly, 40 - partly]);
  expect(new Set(looked).size).toBe(40);
  await turn(100_000 * REPAIR_BUDGET_MS);
  expect(looked).toHaveLength(80);
  expect(log.lines.filter(({ event }) => event === 'repaired').map(({ level }) => level)).toEqual([
    'info',
    'info',
    'info',
  ]);
});
