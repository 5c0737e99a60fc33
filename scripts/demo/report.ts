import { colour } from '../../cli/output/colour.ts';
import type { Check } from './check-records.ts';
import type { Pace } from './stopwatch.ts';

const BUSIEST = 5;

const count = (value: number): string => Math.round(value).toLocaleString('en');

export const rateLine = (
  what: string,
  { records, seconds, perSecond }: Pick<Pace, 'records' | 'seconds' | 'perSecond'>,
): string =>
  [
    what.padEnd(9),
    `${count(records).padStart(7)} records in ${seconds.toFixed(2)} s`,
    `${count(perSecond).padStart(8)} records/s`,
  ].join('  ');

export const paceLine = (what: string, pace: Pace): string =>
  [
    rateLine(what, pace),
    `p50 ${pace.p50Ms.toFixed(1)} ms`,
    `p99 ${pace.p99Ms.toFixed(1)} ms`,
    `(${count(pace.requests)} requests)`,
  ].join('  ');

export const shareLine = (share: {
  readonly name: string;
  readonly records: number;
  readonly isDead: boolean;
}): string => `  ${share.name}  ${count(share.records).padStart(6)} records${share.isDead ? ', then killed' : ''}`;

export const checkLine = ({ name, faults }: Check): string =>
  faults === 0 ? `  ${colour('green', '✓')} ${name}` : `  ${colour('red', '✗')} ${name}: ${count(faults)} faults`;

/** The airports with the most departures. */
export const busiest = (departures: ReadonlyMap<string, number>): string[] => {
  const ranked = [...departures].sort(([a, many], [b, more]) => more - many || a.localeCompare(b, 'en'));
  return ranked.slice(0, BUSIEST).map(([airport, flown], at) => `  ${at + 1}. ${airport}  ${count(flown)}`);
};
