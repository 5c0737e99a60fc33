import type { Lease } from '../ports/group-store.ts';

/** A partition as clients name it. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** By topic, then by partition. */
export const byPlace = (a: Place, b: Place): number =>
  a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1;

export const placesOf = (leases: readonly Lease[]): Place[] =>
  leases.map(({ topic, partition }) => ({ topic, partition })).sort(byPlace);
