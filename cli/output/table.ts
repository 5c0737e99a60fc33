import Table from 'cli-table3';
import { colour } from './colour.ts';
import { visible } from './visible.ts';

export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

const GAP = '  ';

/** No lines: columns that `awk` and `cut` can take apart. */
const PLAIN = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: GAP,
};

const widthOf = (title: string, cells: readonly string[]): number =>
  cells.reduce((widest, cell) => Math.max(widest, cell.length), title.length);

/** On a terminal the last column ends where the line does; in a pipe nothing is cut. */
const columnWidths = (columns: readonly Column[], rows: readonly (readonly string[])[]): number[] | undefined => {
  if (!process.stdout.isTTY) return undefined;
  const widths = columns.map(({ title }, at) =>
    widthOf(
      title,
      rows.map((row) => row[at] ?? ''),
    ),
  );
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, 0);
  const last = Math.max(8, Math.min(widths.at(-1) ?? 0, process.stdout.columns - before));
  return [...widths.slice(0, -1), last];
};

/** Columns below a head; ends with a line feed. For what fits a screen or two: `AlignedRows` is for more. */
export const table = (columns: readonly Column[], rows: readonly (readonly string[])[]): string => {
  const cells = rows.map((row) => row.map(visible));
  const widths = columnWidths(columns, cells);
  const drawn = new Table({
    head: columns.map(({ title }) => colour('bold', title)),
    colAligns: columns.map(({ isNumber = false }) => (isNumber ? 'right' : 'left')),
    ...(widths === undefined ? {} : { colWidths: widths }),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    chars: PLAIN,
  });
  drawn.push(...cells.map((row) => [...row]));
  const lines = drawn.toString().split('\n');
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
};
