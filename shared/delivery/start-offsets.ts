import type { TenantId } from '../contract/ids.ts';
import type { From } from '../contract/subscription.ts';
import type { Topic } from '../contract/topic.ts';
import { partitionRefs } from '../log/partition-refs.ts';
import { topicGone } from '../log/refusal.ts';
import { type Start, startOffset } from '../log/start-offset.ts';
import type { PushPorts } from './push-ports.ts';

const startOf = (from: From): Exclude<Start, { kind: 'offset' | 'tail' }> =>
  typeof from === 'number' ? { kind: 'timestamp', timestamp: from } : { kind: from };

/** Where each partition begins, settled now: what comes after this call is delivered. @throws {ChasquiError} `topic_not_found` */
export const startOffsets = async (
  ports: Pick<PushPorts, 'offsets' | 'cache'>,
  tenant: TenantId,
  topic: Topic,
  from: From,
): Promise<number[]> => {
  const refs = partitionRefs(topic);
  const heads = await ports.offsets.readHeads(tenant, refs);
  return Promise.all(
    refs.map((ref, partition) => {
      const head = heads[partition];
      if (head === undefined) throw topicGone();
      return startOffset(ports, tenant, ref, head, startOf(from));
    }),
  );
};
