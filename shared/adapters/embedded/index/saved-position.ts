import { ByteReader } from '../encoding/byte-reader.ts';
import { ByteWriter } from '../encoding/byte-writer.ts';
import { JOURNAL_START, type JournalPosition } from '../journal/journal-position.ts';
import type { IndexTables, TableWriter } from './index-tables.ts';

/** What a checkpoint says of itself. */
export interface SavedPosition {
  /** The tables hold what the journal says up to here. */
  readonly position: JournalPosition;
  /** The next number for a partition. */
  readonly nextNumber: number;
}

const KEY = Buffer.from('checkpoint');

export const writePosition = (batch: TableWriter, { position, nextNumber }: SavedPosition): void => {
  const { file, offset, sequence } = position;
  batch.put('state', KEY, new ByteWriter().varint(file).varint(offset).varint(sequence).varint(nextNumber).bytes());
};

export const readPosition = (tables: IndexTables): SavedPosition => {
  const payload = tables.get('state', KEY);
  if (payload === undefined) return { position: JOURNAL_START, nextNumber: 1 };
  const from = new ByteReader(payload);
  const position = { file: from.varint(), offset: from.varint(), sequence: from.varint() };
  return { position, nextNumber: from.varint() };
};
