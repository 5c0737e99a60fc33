import type { Append, AppendOutcome, Head, IndexEntry, IndexPage } from '../../shared/ports/offset-store.ts';
import { TAIL_LIMIT } from '../../shared/ports/offset-store.ts';

/** A partition as a plain list: what an offset store has to look like from outside, and no more than that. */
export interface LogModel {
  fence: number;
  readonly entries: IndexEntry[];
  /** The base offset of every entry, and of the one that comes next. */
  readonly bases: number[];
  /** How many of them are sealed. */
  sealed: number;
  logStartOffset: number;
  gone: boolean;
}

export const newLog = (fence: number): LogModel => ({
  fence,
  entries: [],
  bases: [0],
  sealed: 0,
  logStartOffset: 0,
  gone: false,
});

/** The offset of entry `at`, or of the one that comes next. */
const offsetOf = ({ bases }: LogModel, at: number): number => bases[at]!;

/** The place of the entry that holds an offset. */
const placeOf = (log: LogModel, offset: number): number =>
  log.entries.findIndex((entry, at) => offset < offsetOf(log, at) + entry.count);

export const nextOffsetOf = (log: LogModel): number => offsetOf(log, log.entries.length);

const keptOf = (log: LogModel): [at: number, entry: IndexEntry][] =>
  [...log.entries.entries()].filter(([at, { count }]) => offsetOf(log, at) + count > log.logStartOffset);

export const modelHead = (log: LogModel): Head => ({
  fence: log.fence,
  logStartOffset: log.logStartOffset,
  baseOffset: offsetOf(log, log.sealed),
  nextOffset: nextOffsetOf(log),
  tail: log.entries.slice(log.sealed),
  retainedBytes: keptOf(log).reduce((bytes, [, { length }]) => bytes + length, 0),
});

const refusal = (log: LogModel, { fence, expectedOffset }: Append): AppendOutcome | undefined => {
  if (log.gone) return { kind: 'gone' };
  const head = modelHead(log);
  if (fence !== log.fence) return { kind: 'fenced', head };
  if (log.entries.length - log.sealed >= TAIL_LIMIT) return { kind: 'full', head };
  if (expectedOffset !== undefined && expectedOffset !== head.nextOffset) return { kind: 'offset_mismatch', head };
  return undefined;
};

export const modelCommit = (log: LogModel, append: Append): AppendOutcome => {
  const refused = refusal(log, append);
  if (refused !== undefined) return refused;
  const baseOffset = nextOffsetOf(log);
  log.entries.push(append.entry);
  log.bases.push(baseOffset + append.entry.count);
  return { kind: 'committed', baseOffset, head: modelHead(log) };
};

export const modelCommitAtomic = (logs: readonly LogModel[], appends: readonly Append[]): unknown => {
  for (const append of appends) {
    const refused = refusal(logs[append.partition]!, append);
    if (refused !== undefined) return { kind: 'refused', partition: append.partition, refusal: refused };
  }
  const outcomes = appends.map((append) => modelCommit(logs[append.partition]!, append));
  const committed = outcomes.filter((outcome) => outcome.kind === 'committed');
  return {
    kind: 'committed',
    baseOffsets: committed.map(({ baseOffset }) => baseOffset),
    heads: committed.map(({ head }) => head),
  };
};

export const modelSeal = (log: LogModel, baseOffset: number, entries: readonly IndexEntry[]): 'sealed' | 'conflict' => {
  if (log.gone || offsetOf(log, log.sealed) !== baseOffset) return 'conflict';
  log.sealed += entries.length;
  return 'sealed';
};

export const modelTrim = (log: LogModel, beforeOffset: number): Head => {
  log.logStartOffset = Math.max(log.logStartOffset, Math.min(beforeOffset, nextOffsetOf(log)));
  return modelHead(log);
};

/** The longest page that may be answered; a shorter one that begins alike will do. */
export const modelPage = (log: LogModel, offset: number): IndexPage => {
  const { logStartOffset, nextOffset } = modelHead(log);
  const shown = offset >= logStartOffset && offset < nextOffset;
  const at = shown ? placeOf(log, offset) : log.entries.length;
  return { logStartOffset, nextOffset, baseOffset: offsetOf(log, at), entries: log.entries.slice(at) };
};

export const modelTimestamp = (log: LogModel, timestamp: number): number => {
  const found = keptOf(log).find(([, { maxTimestamp }]) => maxTimestamp >= timestamp);
  return found === undefined ? nextOffsetOf(log) : offsetOf(log, found[0]);
};
