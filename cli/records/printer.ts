import { usageError } from '../cli-error.ts';
import { AlignedRows } from '../output/aligned-rows.ts';
import { write } from '../output/write.ts';
import { linesOf } from './lines.ts';
import { parseRecordLine, type RecordLine, textOf, valueBytes } from './record-line.ts';

export interface PrintForm {
  readonly json?: boolean;
  readonly values?: boolean;
  /** Records of several topics: the table names that of each. */
  readonly withTopic?: boolean;
}

/** Prints NDJSON as a server answered it; `partition` is the one that was asked, where only one was. */
export type Printer = (lines: Uint8Array, partition?: number) => Promise<void>;

const COLUMNS = [
  { title: 'PARTITION', isNumber: true },
  { title: 'OFFSET', isNumber: true },
  { title: 'TIME' },
  { title: 'KEY' },
  { title: 'VALUE' },
];

const topicOf = ({ members }: RecordLine): string => JSON.parse(members.get('topic') ?? '""') as string;

const rowOf = (record: RecordLine): string[] => [
  String(record.partition),
  String(record.offset),
  new Date(record.timestamp).toISOString(),
  textOf(record, 'key'),
  textOf(record, 'value'),
];

const recordsOf = (lines: Uint8Array, partition: number | undefined): RecordLine[] =>
  linesOf(lines).map((line) => parseRecordLine(line, partition));

const tablePrinter = (withTopic: boolean): Printer => {
  const rows = new AlignedRows(withTopic ? [{ title: 'TOPIC' }, ...COLUMNS] : COLUMNS);
  const cells = (record: RecordLine): string[] => (withTopic ? [topicOf(record), ...rowOf(record)] : rowOf(record));
  return (lines, partition) => write(rows.lines(recordsOf(lines, partition).map(cells)));
};

/** Values alone, a line each; of a tombstone an empty line. */
const valuePrinter: Printer = async (lines, partition) => {
  const values = recordsOf(lines, partition).map((record) => valueBytes(record) ?? Buffer.alloc(0));
  const lineFeed = Buffer.from('\n');
  await write(Buffer.concat(values.flatMap((value) => [value, lineFeed])));
};

/** `--json` passes the server's bytes on, so that no digit of a large number is lost. */
export const printerFor = ({ json = false, values = false, withTopic = false }: PrintForm): Printer => {
  if (json && values) throw usageError('--json and --values cannot both be said.');
  if (json) return write;
  return values ? valuePrinter : tablePrinter(withTopic);
};
