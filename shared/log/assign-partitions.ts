import { noSuchPartition } from '../contract/errors.ts';
import type { RecordInput } from '../contract/record.ts';
import type { Part } from './append.ts';
import { partitionForKey } from './partitioner.ts';
import type { StampedRecord } from './record-batch/encode-batch.ts';

/** What decides where a request's records go and when they are from; kept with an idempotency key, so that a repeat is told the same. */
export interface Placement {
  /** Of the topic, when the request came. */
  readonly partitions: number;
  /** Where records without partition and key go: one partition for the whole request. */
  readonly stickyPartition: number;
  /** Milliseconds since the epoch, for records that name no time. */
  readonly timestamp: number;
}

/** The request's records as parts, one a partition, and where each record went. */
export interface Assignment {
  readonly parts: readonly Part[];
  /** Of each record, in the request's order: which of the parts it is in, and where in there. */
  readonly partOf: readonly number[];
  readonly indexInPart: readonly number[];
  /** Of keys and values and what goes around them, roughly. */
  readonly bytes: number;
}

const RECORD_OVERHEAD_BYTES = 64;

/**
 * A record's partition: as given, else by its key as Kafka's default partitioner does, else the sticky one.
 * @throws {ChasquiError} `invalid_request` when a given partition does not exist.
 */
export function assignPartitions(records: readonly RecordInput[], placement: Placement): Assignment {
  const parts: { partition: number; records: StampedRecord[] }[] = [];
  let byPartition: Map<number, number> | undefined;
  const partOf: number[] = [];
  const indexInPart: number[] = [];
  let bytes = 0;
  let part = 0;
  for (let index = 0; index < records.length; index++) {
    const record = records[index]!;
    const partition = choosePartition(record, index, placement);
    if (parts.length === 0) parts.push({ partition, records: [] });
    // Mostly that of the record before.
    else if (parts[part]!.partition !== partition) {
      byPartition ??= new Map([[parts[0]!.partition, 0]]);
      part = byPartition.get(partition) ?? parts.push({ partition, records: [] }) - 1;
      byPartition.set(partition, part);
    }
    partOf.push(part);
    indexInPart.push(parts[part]!.records.push(stamp(record, placement.timestamp)) - 1);
    bytes += RECORD_OVERHEAD_BYTES + (record.key?.length ?? 0) + (record.value?.length ?? 0);
  }
  return { parts, partOf, indexInPart, bytes };
}

function choosePartition(record: RecordInput, index: number, { partitions, stickyPartition }: Placement): number {
  if (record.partition !== undefined) {
    if (record.partition < partitions) return record.partition;
    throw noSuchPartition(`records[${index}].partition`, partitions);
  }
  if (partitions === 1) return 0;
  return record.key === null ? stickyPartition : partitionForKey(record.key, partitions);
}

/** In place: a copy of each of 10,000 records would double what a request holds while it waits. */
function stamp(record: RecordInput, timestamp: number): StampedRecord {
  record.timestamp ??= timestamp;
  return record as StampedRecord;
}
