import { ByteWriter } from '../encoding/byte-writer.ts';
import type { Answered, BlobDeleted } from '../journal/operation.ts';
import type { Partition, PartitionState, Segment } from './partition-state.ts';

/** Segments of this partition that begin below an offset are garbage. */
export interface DeadSegments {
  readonly tenant: Partition['tenant'];
  readonly number: number;
  readonly below: number;
}

/** What one group changes, on top of what is durable. Thrown away when the group fails, published when it is durable. */
export class Draft {
  /** Encoded, as the journal takes them. */
  readonly operations = new ByteWriter(1024);
  readonly states = new Map<Partition, PartitionState | undefined>();
  readonly segments: (readonly [Partition, Segment])[] = [];
  readonly answers: Answered[] = [];
  readonly deletions: BlobDeleted[] = [];
  readonly dead: DeadSegments[] = [];
  nextNumber: number;

  constructor(nextNumber: number) {
    this.nextNumber = nextNumber;
  }

  stateOf(partition: Partition): PartitionState | undefined {
    return this.states.has(partition) ? this.states.get(partition) : partition.state;
  }

  /** Sealed in this group. */
  segmentsOf(partition: Partition): Segment[] {
    return this.segments.filter(([owner]) => owner === partition).map(([, segment]) => segment);
  }
}
