import type { TenantId, TopicName } from '../contract/ids.ts';
import type { RecordInput } from '../contract/record.ts';
import { placeNow, produce } from '../log/produce.ts';
import type { Origin } from './compose.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import type { PushPorts } from './push-ports.ts';

/** Why records could not be delivered. */
export interface DeadLetterFacts {
  readonly subscription: string;
  readonly origin: Origin;
  readonly attempts: number;
  readonly status: number | null;
  readonly error: string | null;
}

const NAME = 'chasqui-error';

const reasonsOf = (record: DeliveryRecord, facts: DeadLetterFacts, now: number): [string, string][] => {
  const { subscription, origin, attempts, status, error } = facts;
  return [
    [NAME, status === null ? (error ?? 'no answer') : `HTTP ${status}`],
    [`${NAME}-status`, status === null ? '' : String(status)],
    [`${NAME}-attempts`, String(attempts)],
    [`${NAME}-subscription`, subscription],
    [`${NAME}-topic`, origin.topic],
    [`${NAME}-partition`, String(origin.partition)],
    [`${NAME}-offset`, String(record.offset)],
    [`${NAME}-time`, new Date(now).toISOString()],
  ];
};

/** The record whole, as it was; where it has been a dead letter before, the new reason takes the place of the old one. */
const letterOf = (record: DeliveryRecord, facts: DeadLetterFacts, now: number): RecordInput => {
  const own = record.headers.filter(({ name }) => !name.startsWith(NAME));
  const reasons = reasonsOf(record, facts, now).map(([name, text]) => ({ name, value: Buffer.from(text) }));
  const { key, value, valueFormat, timestamp } = record;
  return { key, value, valueFormat, timestamp, headers: [...own, ...reasons] };
};

/** `no topic`: it was deleted; `not stored`: for now. */
export type Buried = 'stored' | 'not stored' | 'no topic';

/** Stores them in the dead-letter topic. */
export const deadLetter = async (
  ports: PushPorts,
  tenant: TenantId,
  name: TopicName,
  records: readonly DeliveryRecord[],
  facts: DeadLetterFacts,
): Promise<Buried> => {
  const topic = await ports.topics.get(tenant, name);
  if (topic === undefined) return 'no topic';
  const letters = records.map((record) => letterOf(record, facts, ports.clock.now()));
  try {
    const results = await produce(ports, { tenant, topic, records: letters, placement: placeNow(ports, topic) });
    return results.every((result) => 'offset' in result) ? 'stored' : 'not stored';
  } catch (error) {
    ports.log.write('error', 'dead letters not stored', { tenant, topic: name, error });
    return 'not stored';
  }
};
