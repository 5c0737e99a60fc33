import { ApiError } from '../../client/api-error.ts';
import type { Client } from '../../client/client.ts';
import type { SkippedRange } from '../../client/fetched.ts';
import type { GroupOffset } from '../../client/groups.ts';
import { note } from '../output/write.ts';
import { patience } from '../patience.ts';
import { elementsOf, membersOf } from '../records/members.ts';
import { noteSkipped } from '../records/note-skipped.ts';

export interface WorkerOptions {
  readonly group: string;
  readonly member: string;
  readonly topics: readonly string[];
  readonly from: 'earliest' | 'latest';
  readonly limit: number;
  readonly sessionTimeoutMs: number;
  readonly waitMs: number;
  /** End when nothing is left. */
  readonly once: boolean;
}

/** Does the work: records as they were stored, a line each. What it throws is not committed and ends the worker. */
export type Handle = (lines: Uint8Array) => Promise<void>;

interface Batch {
  readonly generation: number;
  readonly cursor: string;
  readonly lines: readonly string[];
  /** Something has to move: polling again soon lets it. */
  readonly isMoving: boolean;
}

const readBatch = (text: string): Batch => {
  const members = membersOf(text);
  const parse = (name: string): unknown => JSON.parse(members.get(name) ?? 'null');
  noteSkipped((parse('skipped') ?? []) as SkippedRange[]);
  return {
    generation: Number(members.get('generation')),
    cursor: parse('cursor') as string,
    // A value may have line ends between its tokens, where a space means the same.
    lines: elementsOf(members.get('records') ?? '[]').map((line) => line.replaceAll(/[\r\n]/g, ' ')),
    isMoving: (parse('revoking') as unknown[]).length > 0,
  };
};

const offsetsOf = (lines: readonly string[]): GroupOffset[] => {
  const next = new Map<string, GroupOffset>();
  for (const line of lines) {
    const members = membersOf(line);
    const topic = JSON.parse(members.get('topic') ?? '""') as string;
    const partition = Number(members.get('partition'));
    next.set(`${topic}/${partition}`, { topic, partition, offset: Number(members.get('offset')) + 1 });
  }
  return [...next.values()];
};

/** The others went on without it, or somebody has moved or deleted the group. */
const isFenced = (error: unknown): boolean =>
  error instanceof ApiError && (error.code === 'fenced' || error.code === 'group_not_found');

/** A member at work: polls, handles, commits, and says that it lives while its work takes long. */
export class Worker {
  readonly #groups: Client['groups'];
  readonly #options: WorkerOptions;
  readonly #handle: Handle;
  readonly #retry = patience({ deadlineMs: 60_000 });
  readonly #stopping = new AbortController();
  #cursor: string | undefined;

  constructor(groups: Client['groups'], options: WorkerOptions, handle: Handle) {
    this.#groups = groups;
    this.#options = options;
    this.#handle = handle;
  }

  /** Lets what is under way be finished and committed. */
  stop(): void {
    this.#stopping.abort();
  }

  async run(): Promise<void> {
    const { group, member } = this.#options;
    try {
      while (await this.#step());
    } finally {
      await this.#groups.leave(group, member).catch(() => undefined);
    }
  }

  /** False: it is time to end. */
  async #step(): Promise<boolean> {
    try {
      const batch = await this.#poll();
      if (batch === undefined) return false;
      if (batch.lines.length > 0) await this.#work(batch);
      else if (this.#options.once && !batch.isMoving) return false;
      this.#cursor = batch.cursor;
    } catch (error) {
      if (!isFenced(error)) throw error;
      note('chasqui: the group went on without this member, or was moved; going on at its committed offsets.');
      this.#cursor = undefined;
    }
    return !this.#stopping.signal.aborted;
  }

  async #poll(): Promise<Batch | undefined> {
    const { group, member, once: _once, ...fields } = this.#options;
    const { signal } = this.#stopping;
    const poll = { ...fields, cursor: this.#cursor };
    try {
      return readBatch(await this.#retry(() => this.#groups.pollText(group, member, poll, signal)));
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  async #work({ generation, lines }: Batch): Promise<void> {
    const { group, member, sessionTimeoutMs } = this.#options;
    const beat = (): void => void this.#groups.heartbeat(group, member, generation).catch(() => undefined);
    const timer = setInterval(beat, sessionTimeoutMs / 3);
    try {
      await this.#handle(Buffer.from(lines.map((line) => `${line}\n`).join('')));
    } finally {
      clearInterval(timer);
    }
    const commit = { generation, offsets: offsetsOf(lines) };
    await this.#retry(() => this.#groups.commit(group, member, commit));
  }
}
