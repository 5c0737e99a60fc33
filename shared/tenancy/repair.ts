import { type RepairPorts as PagePorts, type RepairTally, repairPage } from '../log/repair-page.ts';
import type { Ports } from '../ports/ports.ts';
import { everyTopic } from './every-topic.ts';
import { decodeRepairCursor, encodeRepairCursor, type RepairPlace } from './repair-cursor.ts';

export type RepairPorts = PagePorts & Pick<Ports, 'topics' | 'tenants' | 'clock'>;

export interface RepairReport extends Omit<RepairTally, 'seen'> {
  /** Where the next call goes on; null: everything has been looked at. */
  readonly nextCursor: string | null;
}

/** A function has 29 s for its answer. */
export const REPAIR_BUDGET_MS = 10_000;

/*
 * A repair walks every topic that is to have several copies, partition by partition, entry by entry, and keeps nothing between two calls:
 * the cursor says where it is. What comes while it walks is stored with its copies, or is found by the next walk.
 */

/** Brings every batch up to the copies that its topic is to have, for some seconds. @throws {ChasquiError} `invalid_cursor` */
export const repair = async (ports: RepairPorts, cursor: string | undefined): Promise<RepairReport> => {
  const from = cursor === undefined ? undefined : decodeRepairCursor(cursor);
  const tally: RepairTally = { checked: 0, copied: 0, short: 0, unreadable: 0, seen: new Set() };
  const stopAtMs = ports.clock.now() + REPAIR_BUDGET_MS;
  const stopped = await walk(ports, tally, from, () => ports.clock.now() >= stopAtMs);
  const { seen: _seen, ...counts } = tally;
  return { ...counts, nextCursor: stopped === undefined ? null : encodeRepairCursor(stopped) };
};

/** Answers where it was stopped; undefined at the end. */
const walk = async (
  ports: RepairPorts,
  tally: RepairTally,
  from: RepairPlace | undefined,
  isOver: () => boolean,
): Promise<RepairPlace | undefined> => {
  for await (const [tenant, { id: topicId, name: topic, partitions, replicationFactor: copies }] of everyTopic(
    ports,
    from,
  )) {
    const isFirst = tenant === from?.tenant && topic === from.topic;
    let { partition, offset } = isFirst ? from : { partition: 0, offset: 0 };
    if (copies === 1) partition = partitions;
    while (partition < partitions) {
      const next = await repairPage(ports, tally, { tenant, ref: { topicId, partition }, offset, copies });
      if (next === undefined) partition++;
      offset = next ?? 0;
      if (isOver()) return { tenant, topic, partition, offset };
    }
  }
  return undefined;
};
