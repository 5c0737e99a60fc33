import { ChasquiError } from '../contract/errors.ts';
import type { TenantId } from '../contract/ids.ts';
import type { IndexPage, PartitionRef } from '../ports/offset-store.ts';
import type { Ports } from '../ports/ports.ts';
import type { BatchCache } from './batch-cache.ts';
import { type EntryRun, entriesFrom } from './entry-run.ts';
import type { ReadBounds, Walk } from './read-bounds.ts';
import { asDamaged, type LoadedEntries, readEntries } from './read-entries.ts';
import type { RecordSink } from './record-sink.ts';
import { checkRange, type Start, startOffset } from './start-offset.ts';
import { walkEntries } from './walk-entries.ts';

export type FetchPorts = Pick<Ports, 'offsets' | 'clock' | 'signal'> & { readonly cache: BatchCache };

export interface FetchPartitionCall {
  readonly tenant: TenantId;
  readonly ref: PartitionRef;
  readonly start: Start;
  readonly bounds: ReadBounds;
  /** How long to wait for the first record. */
  readonly waitMs: number;
  /** Ends the wait: the client went away, or the process is to stop. */
  readonly abort?: AbortSignal | undefined;
}

export interface FetchedPartition {
  readonly nextOffset: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
}

/** More entries than that are read by another step; `SEAL` times a few, so that an answer of small batches takes few steps. */
const PAGE_ENTRIES = 256;

/**
 * Reads a partition from a start on, waiting at the high watermark if asked to. Records go to the sink as they are read.
 * @throws {ChasquiError} `offset_out_of_range`, `topic_not_found` (deleted meanwhile), `internal` (damaged).
 */
export async function fetchPartition(
  ports: FetchPorts,
  call: FetchPartitionCall,
  sink: RecordSink,
): Promise<FetchedPartition> {
  const offset = await settleStart(ports, call);
  return call.waitMs === 0 ? readFrom(ports, call, offset, sink) : waitForRecords(ports, call, offset, sink);
}

async function settleStart(ports: FetchPorts, { tenant, ref, start }: FetchPartitionCall): Promise<number> {
  if (start.kind === 'offset') return start.offset;
  const head = await ports.offsets.readHead(tenant, ref);
  if (head === undefined) throw partitionGone();
  return startOffset(ports, tenant, ref, head, start);
}

async function waitForRecords(
  ports: FetchPorts,
  call: FetchPartitionCall,
  offset: number,
  sink: RecordSink,
): Promise<FetchedPartition> {
  const until = ports.clock.now() + call.waitMs;
  const watch = ports.signal.watch(call.tenant, [call.ref]);
  try {
    for (;;) {
      // Read after the watch began: what came before is seen here, what comes later wakes the watch.
      const fetched = await readFrom(ports, call, offset, sink);
      const leftMs = until - ports.clock.now();
      if (fetched.nextOffset > offset || leftMs <= 0 || call.abort?.aborted) return fetched;
      await watch.next(leftMs, call.abort);
    }
  } finally {
    watch.end();
  }
}

/** Where a reader stands, and how many records it may have yet. */
interface Reading {
  next: number;
  left: number;
}

async function readFrom(
  ports: FetchPorts,
  call: FetchPartitionCall,
  offset: number,
  sink: RecordSink,
): Promise<FetchedPartition> {
  const { tenant, ref, bounds } = call;
  const reading = { next: offset, left: bounds.records };
  for (;;) {
    const page = await indexPage(ports, tenant, ref, reading.next);
    if (reading.next === offset) checkRange(offset, page);
    const full = page.entries.length === 0 || (await readPage(ports, call, page, reading, sink));
    const { nextOffset: highWatermark, logStartOffset } = page;
    if (full || reading.next >= highWatermark) return { nextOffset: reading.next, highWatermark, logStartOffset };
  }
}

/** Gives the records of a page: what the sink remembers, and the others from their batches. True when a bound is met. */
async function readPage(
  ports: FetchPorts,
  call: FetchPartitionCall,
  page: IndexPage,
  reading: Reading,
  sink: RecordSink,
): Promise<boolean> {
  const { bounds } = call;
  let rest = entriesFrom(page, reading.next);
  for (let [entry] = rest.entries; entry !== undefined; [entry] = rest.entries) {
    const most = { records: reading.left, bytes: bounds.bytes };
    const recalled = sink.recall?.({ entry, baseOffset: rest.baseOffset }, reading.next, most);
    const walked = recalled ?? (await readUnknown(ports, call, rest, reading, sink));
    reading.next = walked.nextOffset;
    reading.left -= walked.given;
    if (walked.full || sink.bytes >= bounds.bytes) return true;
    rest = entriesFrom(rest, reading.next);
  }
  return false;
}

/** Reads on up to the next entry that the sink remembers. */
async function readUnknown(
  ports: FetchPorts,
  { tenant, ref, bounds }: FetchPartitionCall,
  run: EntryRun,
  { next, left }: Reading,
  sink: RecordSink,
): Promise<Walk> {
  const budget = { records: left, bytes: bounds.bytes - sink.bytes };
  const loaded = await readEntries(ports.cache, tenant, ref, untilKnown(run, sink), next, budget);
  return walk(loaded, ref, next, { records: left, bytes: bounds.bytes }, sink);
}

function untilKnown({ baseOffset, entries }: EntryRun, sink: RecordSink): EntryRun {
  let base = baseOffset;
  const known = entries.findIndex((entry) => {
    const isKnown = sink.knows?.({ entry, baseOffset: base }) === true;
    base += entry.count;
    return isKnown;
  });
  return { baseOffset, entries: known === -1 ? entries : entries.slice(0, known) };
}

/** As `walkEntries`, with damage told as an error of the contract. The entries are released. */
export function walk(
  loaded: LoadedEntries,
  ref: PartitionRef,
  offset: number,
  bounds: ReadBounds,
  sink: RecordSink,
): Walk {
  try {
    return walkEntries(loaded.entries, ref.partition, offset, bounds, sink);
  } catch (error) {
    throw asDamaged(error, ref, offset);
  } finally {
    loaded.release();
  }
}

export async function indexPage(
  ports: Pick<Ports, 'offsets'>,
  tenant: TenantId,
  ref: PartitionRef,
  offset: number,
): Promise<IndexPage> {
  try {
    const page = await ports.offsets.readIndex(tenant, ref, offset, PAGE_ENTRIES);
    if (page !== undefined) return page;
  } catch (error) {
    throw asDamaged(error, ref, offset);
  }
  throw partitionGone();
}

const partitionGone = (): ChasquiError => new ChasquiError('topic_not_found', 'There is no topic of this name.');
