import { ApiError } from '../../client/api-error.ts';
import type { Client } from '../../client/client.ts';
import type { GroupOffset, GroupPolled } from '../../client/groups.ts';
import { withRetry } from '../../client/with-retry.ts';
import type { GroupChecker } from './check-group.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface Work {
  readonly client: Client;
  readonly group: string;
  readonly topic: string;
  readonly checker: GroupChecker;
  readonly stopwatch: Stopwatch;
}

/** The shortest there is: the others need not wait long for what the dead one had. */
const SESSION_MS = 3000;
const LIMIT = 400;
const WAIT_MS = 1000;

/** A worker of the demo: polls, handles, commits. */
export class Consumer {
  readonly name: string;
  handled = 0;
  readonly #work: Work;
  readonly #diesAfter: number;
  #isKilled = false;

  /** @param diesAfter So many records, as by kill -9: what it has is not committed, and nobody is told. */
  constructor(work: Work, name: string, diesAfter = Number.POSITIVE_INFINITY) {
    this.#work = work;
    this.name = name;
    this.#diesAfter = diesAfter;
  }

  /** Until every flight was handled. */
  async run(): Promise<void> {
    let cursor: string | undefined;
    while (!this.#isKilled && !this.#work.checker.isDone()) {
      try {
        const given = await this.#poll(cursor);
        this.#handle(given);
        if (this.#isKilled) return;
        await this.#commit(given);
        cursor = given.cursor;
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'fenced') throw error;
        cursor = undefined;
      }
    }
    if (!this.#isKilled) await this.#work.client.groups.leave(this.#work.group, this.name);
  }

  #poll(cursor: string | undefined): Promise<GroupPolled> {
    const { client, group, topic, stopwatch } = this.#work;
    const poll = { topics: [topic], cursor, limit: LIMIT, waitMs: WAIT_MS, sessionTimeoutMs: SESSION_MS };
    return stopwatch.time(() => withRetry(() => client.groups.poll(group, this.name, poll)));
  }

  #handle({ records }: GroupPolled): void {
    const { checker, stopwatch } = this.#work;
    for (const record of records) {
      checker.handled(this.name, record);
      stopwatch.records += 1;
      this.handled += 1;
      this.#isKilled = this.handled >= this.#diesAfter;
      if (this.#isKilled) return;
    }
  }

  async #commit({ generation, records }: GroupPolled): Promise<void> {
    const { client, group, checker } = this.#work;
    const next = new Map<number, GroupOffset>();
    for (const { topic, partition, offset } of records) next.set(partition, { topic, partition, offset: offset + 1 });
    if (next.size === 0) return;
    const offsets = [...next.values()];
    await withRetry(() => client.groups.commit(group, this.name, { generation, offsets }));
    for (const { partition, offset } of offsets) checker.committed(partition, offset);
  }
}
