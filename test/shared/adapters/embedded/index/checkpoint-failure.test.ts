import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyOperation } from '../../../../../shared/adapters/embedded/index/apply-operation.ts';
import { Checkpoint } from '../../../../../shared/adapters/embedded/index/checkpoint.ts';
import { CheckpointSchedule } from '../../../../../shared/adapters/embedded/index/checkpoint-schedule.ts';
import { Claims } from '../../../../../shared/adapters/embedded/index/claims.ts';
import { IndexState } from '../../../../../shared/adapters/embedded/index/index-state.ts';
import { IndexTables } from '../../../../../shared/adapters/embedded/index/index-tables.ts';
import { OpenedSegments } from '../../../../../shared/adapters/embedded/index/opened-segments.ts';
import { readIndexPage } from '../../../../../shared/adapters/embedded/index/read-index.ts';
import { JOURNAL_START } from '../../../../../shared/adapters/embedded/journal/journal-position.ts';
import type { Operation } from '../../../../../shared/adapters/embedded/journal/operation.ts';
import { createFakeClock, type FakeClock } from '../../../../support/fake-clock.ts';
import { ACME, entryOf, refOf, TOPIC } from '../../../../support/index-fixtures.ts';
import { makeTestFolder, removeTestFolder } from '../support/test-folder.ts';

/** Tables that can be made to take nothing. */
class FailingTables extends IndexTables {
  isFull = false;

  override async write(fill: Parameters<IndexTables['write']>[0]): Promise<void> {
    if (this.isFull) throw new Error('no space left');
    await super.write(fill);
  }
}

let folder: string;
let tables: FailingTables;
let state: IndexState;
let clock: FakeClock;
let checkpoint: Checkpoint;

beforeEach(() => {
  folder = makeTestFolder();
  tables = new FailingTables(path.join(folder));
  state = new IndexState(tables, JOURNAL_START, 1);
  clock = createFakeClock();
  checkpoint = new Checkpoint(state, new Claims(state));
});
afterEach(async () => {
  await tables.close();
  removeTestFolder(folder);
});

const publish = (...operations: Operation[]): void => {
  const draft = state.begin();
  for (const operation of operations) applyOperation(draft, state.find, operation);
  const { offset, sequence } = state.position;
  state.publish(draft, { file: 1, offset: offset + 1000, sequence: sequence + 1 });
};

const ref = refOf();
const create: Operation = { kind: 'create', tenant: ACME, topicId: TOPIC, from: 0, to: 1, firstNumber: 1 };
const append = (baseOffset: number): Operation => ({ kind: 'append', tenant: ACME, ref, baseOffset, entry: entryOf() });
const seal = (baseOffset: number): Operation => ({ kind: 'seal', tenant: ACME, ref, baseOffset, count: 1 });

const basesAt = (...offsets: number[]): unknown[] =>
  offsets.map((offset) => {
    const index = { tables, opened: new OpenedSegments() };
    return readIndexPage(index, state.find(ACME, ref), offset, 1)?.entries.length;
  });

describe('a checkpoint that fails', () => {
  it('loses nothing that is in memory, and stores it the next time', async () => {
    publish(create, append(0), seal(0));
    tables.isFull = true;
    await expect(checkpoint.run()).rejects.toThrow('no space left');
    publish(append(1), seal(1), append(2));
    expect(checkpoint.isNeeded).toBe(true);
    expect(state.unsavedAmount).toEqual({ journalBytes: 2000, segments: 2 });
    expect(basesAt(0, 1, 2)).toEqual([1, 1, 1]);
    tables.isFull = false;
    await checkpoint.run();
    expect(checkpoint.isNeeded).toBe(false);
    expect(state.find(ACME, ref).pending).toEqual([]);
    expect(basesAt(0, 1, 2)).toEqual([1, 1, 1]);
    const again = new IndexState(tables, state.position, state.nextNumber);
    expect(again.find(ACME, ref).state).toEqual(state.find(ACME, ref).state);
  });

  it('keeps what is written while it stores', async () => {
    publish(create, append(0), seal(0));
    const saving = checkpoint.run();
    publish(append(1), seal(1));
    await saving;
    expect(state.find(ACME, ref).pending).toHaveLength(1);
    expect(checkpoint.isNeeded).toBe(true);
    expect(basesAt(0, 1)).toEqual([1, 1]);
  });

  it('is told, tried again, and stops the writers when it goes on too long', async () => {
    const told: unknown[] = [];
    const schedule = new CheckpointSchedule({
      checkpoint,
      state,
      clock,
      rules: { maxJournalBytes: 1500, maxPendingSegments: 10, idleMs: 1000, maxAgeMs: 5000 },
      onError: (error) => void told.push(error),
    });
    tables.isFull = true;
    publish(create);
    schedule.noteWrite();
    await clock.advance(1000);
    expect(told).toHaveLength(1);
    for (let more = 0; more < 30; more += 1) publish(append(more));
    expect(schedule.isOverdue).toBe(true);
    tables.isFull = false;
    await clock.advance(1000);
    await checkpoint.run();
    await clock.turn();
    expect(schedule.isOverdue).toBe(false);
    await schedule.close();
    expect(told).toHaveLength(1);
  });
});
