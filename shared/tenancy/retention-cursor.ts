import { parseTenantId, parseTopicName } from '../contract/ids.ts';
import type { RetentionPlace } from './retention.ts';

/** As it is kept between two turns. */
export const encodeRetentionPlace = ({
  tenant,
  topic,
  partition,
  offset,
  raisedAt,
  hasFailed,
}: RetentionPlace): string => [tenant, topic, partition, offset, raisedAt, Number(hasFailed)].join('/');

/** Undefined for whatever was never written here: then it is begun anew. */
export const decodeRetentionPlace = (text: string | undefined): RetentionPlace | undefined => {
  const [tenantText = '', topicText = '', ...numbers] = (text ?? '').split('/');
  const [tenant, topic] = [parseTenantId(tenantText), parseTopicName(topicText)];
  const [partition = 0, offset = 0, raisedAt = 0, failed = 0] = numbers.map(Number);
  if (tenant === undefined || topic === undefined || ![partition, offset, raisedAt].every(Number.isSafeInteger))
    return undefined;
  return { tenant, topic, partition, offset, raisedAt, hasFailed: failed !== 0 };
};
