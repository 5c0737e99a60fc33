import type { Answer, Caller } from '../support/http.ts';
import type { Seeded } from '../support/seeded.ts';
import type { GroupLedger } from './group-ledger.ts';

interface Place {
  readonly topic: string;
  readonly partition: number;
}

export interface GroupAnswer {
  readonly generation: number;
  readonly assignment: readonly Place[];
  readonly revoking: readonly Place[];
  readonly records: readonly (Place & { readonly offset: number })[];
  readonly cursor: string;
}

export interface WorkerPlan {
  /** Any of these, a different one for each request: what one instance gave, another goes on with. */
  readonly instances: readonly Caller[];
  readonly group: string;
  readonly topic: string;
  readonly sessionTimeoutMs: number;
  /** Of a hundred answers, so many are dropped on their way. */
  readonly lossPercent: number;
  readonly seeded: Seeded;
  readonly ledger: GroupLedger;
}

const WAIT_MS = 400;
const LIMIT = 120;
/** How often it goes on reading before it commits. */
const AHEAD_PERCENT = 70;

/** A consumer as an application would write it: polls, handles, commits, and may be killed between any two steps. */
export class GroupWorker {
  readonly name: string;
  /** Tells apart those who had one name after each other. */
  #life: string;
  readonly #plan: WorkerPlan;
  readonly #abort = new AbortController();
  #running: Promise<void> | undefined;
  #isKilled = false;
  #isLeaving = false;
  #cursor: string | undefined;
  #last: GroupAnswer | undefined;
  /** Handled and not committed: by partition, the next offset. */
  readonly #pending = new Map<number, number>();
  lost = 0;
  fenced = 0;

  constructor(plan: WorkerPlan, name: string, life: string) {
    this.#plan = plan;
    this.name = name;
    this.#life = life;
  }

  get assignment(): readonly Place[] {
    return this.#last?.assignment ?? [];
  }

  start(): void {
    this.#running = this.#run();
  }

  /** As kill -9: nothing more is done, and what was sent is not waited for. */
  async kill(): Promise<void> {
    this.#isKilled = true;
    this.#plan.ledger.died(this.#life);
    this.#abort.abort();
    await this.#running;
  }

  /** Finishes what it has, commits it and says good-bye. */
  async leave(): Promise<void> {
    this.#isLeaving = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isKilled && !this.#isLeaving) await this.#step().catch((error) => this.#unlessKilled(error));
    if (this.#isKilled) return;
    if (this.#last !== undefined) await this.#commit(this.#last.generation).catch((error) => this.#unlessKilled(error));
    await this.#send('DELETE', '').catch((error) => this.#unlessKilled(error));
  }

  #unlessKilled(error: unknown): void {
    if (!this.#isKilled) throw error;
  }

  async #step(): Promise<void> {
    const { topic, sessionTimeoutMs } = this.#plan;
    const body = { topics: [topic], cursor: this.#cursor, limit: LIMIT, waitMs: WAIT_MS, sessionTimeoutMs };
    const answer = await this.#send('POST', '/poll', body);
    if (answer === undefined) return;
    if (answer.status === 409) return this.#beginAgain();
    if (answer.status !== 200) throw new Error(`Poll: ${answer.status} ${answer.text.slice(0, 300)}`);
    const given = answer.json<GroupAnswer>();
    this.#last = given;
    this.#handle(given);
    this.#cursor = given.cursor;
    const goesAhead = given.revoking.length === 0 && this.#plan.seeded.integer(0, 100) < AHEAD_PERCENT;
    if (!goesAhead && !(await this.#commit(given.generation))) this.#beginAgain();
  }

  /** The others took it for dead; what it had not committed comes again to them. */
  #beginAgain(): void {
    this.fenced += 1;
    this.#plan.ledger.died(this.#life);
    this.#life += '+';
    this.#pending.clear();
    this.#cursor = undefined;
  }

  #handle({ generation, records }: GroupAnswer): void {
    for (const { partition, offset } of records) {
      this.#plan.ledger.handled(this.#life, generation, partition, offset);
      this.#pending.set(partition, offset + 1);
    }
  }

  /** False: fenced. */
  async #commit(generation: number): Promise<boolean> {
    const { topic, ledger } = this.#plan;
    const offsets = [...this.#pending].map(([partition, offset]) => ({ topic, partition, offset }));
    while (offsets.length > 0 && !this.#isKilled) {
      const answer = await this.#send('POST', '/commit', { generation, offsets });
      if (answer === undefined) continue;
      if (answer.status === 409) return false;
      if (answer.status !== 200) throw new Error(`Commit: ${answer.status} ${answer.text.slice(0, 300)}`);
      for (const { partition, offset } of offsets) ledger.committed(this.#life, partition, offset);
      this.#pending.clear();
      return true;
    }
    return true;
  }

  /** A server that is being started again answers nobody, or says that it goes. */
  async #unlessDown(error: unknown): Promise<undefined> {
    if (this.#isKilled || !/ECONN|socket hang up/.test(String(error))) throw error;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /** Undefined: the answer was lost. */
  async #send(method: string, path: string, json?: object): Promise<Answer | undefined> {
    const { instances, group, seeded, lossPercent } = this.#plan;
    const target = `/v1/groups/${group}/members/${this.name}${path}`;
    const call = { signal: this.#abort.signal, ...(json === undefined ? {} : { json }) };
    const answer = await seeded
      .pick(instances)
      .send(method, target, call)
      .catch((error: unknown) => this.#unlessDown(error));
    if (answer !== undefined && seeded.integer(0, 100) >= lossPercent) return answer;
    this.lost += 1;
    return undefined;
  }
}
