import { ChasquiError } from '../contract/errors.ts';
import { parseTenantId, parseTopicName, type TenantId, type TopicName } from '../contract/ids.ts';

/** Where a repair goes on: at this offset of this partition, or behind it where that is gone. */
export interface RepairPlace {
  readonly tenant: TenantId;
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
}

/** Opaque to clients. */
export const encodeRepairCursor = ({ tenant, topic, partition, offset }: RepairPlace): string =>
  Buffer.from(`repair:${tenant}/${topic}/${partition}/${offset}`).toString('base64url');

/** @throws {ChasquiError} `invalid_cursor` for whatever no repair has given. */
export const decodeRepairCursor = (cursor: string): RepairPlace => {
  const text = Buffer.from(cursor, 'base64url').toString();
  const parts = /^repair:([^/]+)\/([^/]+)\/(\d{1,4})\/(\d{1,16})$/.exec(text);
  const [tenant, topic] = [parseTenantId(parts?.[1] ?? ''), parseTopicName(parts?.[2] ?? '')];
  if (tenant !== undefined && topic !== undefined)
    return { tenant, topic, partition: Number(parts?.[3]), offset: Number(parts?.[4]) };
  throw new ChasquiError('invalid_cursor', 'The cursor is not one that a repair has given.');
};
