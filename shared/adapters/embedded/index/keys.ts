import type { TenantId } from '../../../contract/ids.ts';
import type { PartitionRef } from '../../../ports/offset-store.ts';
import { ByteWriter } from '../encoding/byte-writer.ts';

/**
 * Keys of the index: the tenant first, then a zero byte (which no name holds, so that no tenant is a prefix of another), then numbers
 * big-endian, so that they sort as they count.
 */
const ofTenant = (tenant: TenantId): ByteWriter => new ByteWriter(tenant.length + 32).raw(Buffer.from(tenant)).u8(0);

export const partitionKey = (tenant: TenantId, { topicId, partition }: PartitionRef): Buffer =>
  ofTenant(tenant).uuid(topicId).u32(partition).bytes();

export const segmentKey = (tenant: TenantId, number: number, baseOffset: number): Buffer =>
  ofTenant(tenant).u64(number).u64(baseOffset).bytes();

export const baseOffsetOfKey = (key: Buffer): number =>
  key.readUInt32BE(key.length - 8) * 2 ** 32 + key.readUInt32BE(key.length - 4);

export const peakKey = (tenant: TenantId, number: number, level: number, bucket: number): Buffer =>
  ofTenant(tenant).u64(number).u8(level).u64(bucket).bytes();

/** Before every segment of the partition; also the key of its garbage record. */
export const numberKey = (tenant: TenantId, number: number): Buffer => ofTenant(tenant).u64(number).bytes();

/** The tenant and the number in a `numberKey`. */
export const readNumberKey = (key: Buffer): { tenant: TenantId; number: number } => ({
  tenant: key.toString('latin1', 0, key.length - 9) as TenantId,
  number: baseOffsetOfKey(key),
});

export const namedKey = (tenant: TenantId, name: string): Buffer =>
  ofTenant(tenant).raw(Buffer.from(name, 'utf8')).bytes();

export const deletionKey = (tenant: TenantId, id: string): Buffer => ofTenant(tenant).uuid(id).bytes();

/** Where a subscription stands in one partition; without one: before all of them. */
export const deliveryKey = (tenant: TenantId, uid: string, partition?: number): Buffer => {
  const key = ofTenant(tenant).uuid(uid);
  return (partition === undefined ? key : key.u32(partition)).bytes();
};

/** Failures lie apart from the rest, as they are kept for another time; without an id: before all of its kind. */
export const attemptKey = (tenant: TenantId, uid: string, failed: boolean, id?: string): Buffer => {
  const key = ofTenant(tenant)
    .uuid(uid)
    .u8(failed ? 1 : 0);
  return (id === undefined ? key : key.uuid(id)).bytes();
};
