import { describe, expect, it } from 'vitest';
import type { FetchedRecord } from '../../../client/fetched.ts';
import { mergeChecks, RecordChecker } from '../../../scripts/demo/check-records.ts';
import { type Flight, NUMBER_HEADER } from '../../../scripts/demo/flights.ts';

const flights: Flight[] = ['ATL', 'JFK', 'ATL', 'JFK'].map((origin, number) => ({
  number,
  origin,
  json: JSON.stringify({ origin, delay: number }),
}));

/** What a sound log gives: ATL in partition 0, JFK in partition 1. */
const sound = (): FetchedRecord[] =>
  flights.map(({ number, origin, json }) => ({
    partition: number % 2,
    offset: Math.floor(number / 2),
    timestamp: 1,
    key: origin,
    value: JSON.parse(json) as unknown,
    headers: { [NUMBER_HEADER]: String(number) },
  }));

const faultsOf = (records: readonly FetchedRecord[]): string[] => {
  const checker = new RecordChecker(flights);
  for (const record of records) checker.look(record);
  return checker
    .checks()
    .filter(({ faults }) => faults > 0)
    .map(({ name }) => name);
};

const changed = (at: number, change: Partial<FetchedRecord>): FetchedRecord[] =>
  sound().map((record, index) => (index === at ? { ...record, ...change } : record));

describe('RecordChecker', () => {
  it('finds no fault in a sound log', () => {
    expect(faultsOf(sound())).toEqual([]);
  });

  it.each([
    ['a missing record at the end', sound().slice(0, -1), ['nothing missing']],
    ['a missing record in the middle', sound().toSpliced(0, 1), ['nothing missing', 'offsets without a gap']],
    [
      'a record twice',
      [...sound(), { ...sound()[3], partition: 1, offset: 2 } as FetchedRecord],
      ['nothing doubled', 'in order per key'],
    ],
    [
      'records of a key that changed places',
      changed(0, { headers: { [NUMBER_HEADER]: '2' }, value: { origin: 'ATL', delay: 2 } }),
      ['nothing missing', 'nothing doubled', 'in order per key'],
    ],
    ['a key in two partitions', changed(2, { partition: 2, offset: 0 }), ['in order per key']],
    [
      'a changed value',
      changed(1, { value: { origin: 'JFK', delay: 9 } }),
      ['nothing missing', 'every value unchanged'],
    ],
    ['a changed key', changed(1, { key: 'LAX' }), ['nothing missing', 'every value unchanged']],
    ['a lost header', changed(1, { headers: {} }), ['nothing missing', 'every value unchanged']],
  ])('finds %s', (_what, records, faults) => {
    expect(faultsOf(records)).toEqual(faults);
  });

  it('adds up what several readers saw', () => {
    const one = [{ name: 'nothing missing', faults: 1 }];
    const two = [{ name: 'nothing missing', faults: 2 }];
    expect(mergeChecks([one, two])).toEqual([{ name: 'nothing missing', faults: 3 }]);
  });
});
