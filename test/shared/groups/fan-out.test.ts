import { expect, it } from 'vitest';
import type { GroupName, MemberName } from '../../../shared/contract/ids.ts';
import { pollGroup } from '../../../shared/groups/poll.ts';
import { groupUnderTest, ORDERS, SESSION_MS } from '../../support/group-under-test.ts';
import { ACME } from '../../support/index-fixtures.ts';
import { collectRecords } from '../../support/log-under-test.ts';

const GROUPS = 200;
const BATCHES = 10;

it('200 groups on one topic read each batch from the store once', async () => {
  let slices = 0;
  const { log, fill } = await groupUnderTest(2, ({ blobs }) => ({
    blobs: {
      put: (...args) => blobs.put(...args),
      delete: (...args) => blobs.delete(...args),
      read: (tenant, wanted) => {
        slices += wanted.length;
        return blobs.read(tenant, wanted);
      },
    },
  }));
  for (const partition of [0, 1]) await fill(partition, BATCHES / 2);
  const poll = async (at: number): Promise<number> => {
    const sink = Object.assign(collectRecords(), { enter: () => undefined });
    const call = {
      tenant: ACME,
      group: `group-${at}` as GroupName,
      member: 'm' as MemberName,
      topics: [ORDERS],
      bounds: { records: 500, bytes: 1_000_000 },
      waitMs: 0,
      autoCommit: false,
      sessionTimeoutMs: SESSION_MS,
      isVisible: () => true,
      from: 'earliest' as const,
    };
    await pollGroup({ ...log.ports, cache: log.cache }, call, sink);
    return sink.records.length;
  };
  for (let at = 0; at < GROUPS; at += 1) expect(await poll(at)).toBe(BATCHES);
  expect(slices).toBe(BATCHES);
});
