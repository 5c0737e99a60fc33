import { describe, expect, it } from 'vitest';
import { emptyPartition } from '../../../../shared/adapters/memory/partition-state.ts';
import { readIndexPage } from '../../../../shared/adapters/memory/read-index.ts';
import { IndexDamagedError } from '../../../../shared/ports/offset-store.ts';
import { entryOf } from '../../../support/index-fixtures.ts';

describe('readIndexPage', () => {
  it('names the place of a segment that is missing rather than leave a gap', () => {
    const [first, third] = [entryOf({ count: 2 }), entryOf({ count: 2 })];
    const state = emptyPartition();
    state.segments = [
      { baseOffset: 0, endOffset: 2, entries: [first] },
      { baseOffset: 4, endOffset: 6, entries: [third] },
    ];
    state.head = { ...state.head, baseOffset: 6, nextOffset: 6 };
    expect(readIndexPage(state, 1, 10, 'here').entries).toEqual([first]);
    expect(readIndexPage(state, 4, 10, 'here').entries).toEqual([third]);
    expect(() => readIndexPage(state, 2, 10, 'here')).toThrow(IndexDamagedError);
    expect(() => readIndexPage(state, 3, 10, 'here')).toThrow('here offset 3');
    state.segments.shift();
    expect(() => readIndexPage(state, 0, 10, 'here')).toThrow(IndexDamagedError);
  });
});
