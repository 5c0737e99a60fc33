import { colour } from './colour.ts';
import type { Column } from './table.ts';
import { visible } from './visible.ts';

const GAP = '  ';

/**
 * A table that grows for ever: each call gives more of its lines. Columns widen when they have to and never narrow. For thousands of
 * rows, which `table` would take minutes for; the last column is cut at the edge of a terminal.
 */
export class AlignedRows {
  readonly #columns: readonly Column[];
  #widths: number[];
  #isHeadShown = false;

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.#widths = columns.map(({ title }) => title.length);
  }

  /** The lines of these rows, below a head the first time. */
  lines(rows: readonly (readonly string[])[]): string {
    if (rows.length === 0) return '';
    const cells = rows.map((row) => row.map(visible));
    this.#widths = this.#widths.map((width, at) =>
      cells.reduce((most, row) => Math.max(most, row[at]?.length ?? 0), width),
    );
    const lines = cells.map((row) => this.#line(row));
    if (!this.#isHeadShown) lines.unshift(colour('bold', this.#line(this.#columns.map(({ title }) => title))));
    this.#isHeadShown = true;
    return `${lines.join('\n')}\n`;
  }

  #line(cells: readonly string[]): string {
    const last = cells.length - 1;
    const padded = cells.map((cell, at) => {
      const width = this.#widths[at] ?? 0;
      if (this.#columns[at]?.isNumber) return cell.padStart(width);
      return at === last ? cell : cell.padEnd(width);
    });
    const line = padded.join(GAP).trimEnd();
    const { isTTY, columns } = process.stdout;
    return isTTY && line.length > columns ? `${line.slice(0, columns - 1)}…` : line;
  }
}
