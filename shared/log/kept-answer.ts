import type { Placement } from './assign-partitions.ts';

/**
 * What is kept of an answer for its repeats: not the answer, which may name 10,000 offsets, but what decides it. The same
 * records with the same placement go to the same parts, and each part's offsets follow from its first.
 */
export interface KeptAnswer {
  readonly placement: Placement;
  /** In the order of the parts. */
  readonly baseOffsets: readonly number[];
}

export const writeKeptAnswer = ({ placement, baseOffsets }: KeptAnswer): Uint8Array =>
  Buffer.from(JSON.stringify([placement.partitions, placement.stickyPartition, placement.timestamp, ...baseOffsets]));

export function readKeptAnswer(bytes: Uint8Array): KeptAnswer {
  const [partitions, stickyPartition, timestamp, ...baseOffsets] = JSON.parse(Buffer.from(bytes).toString());
  return { placement: { partitions, stickyPartition, timestamp }, baseOffsets };
}
