import { ALL_ACTIONS, freshName, makeKey, makeTenant, makeTopic } from '../support/bus.ts';
import { type Caller, Http } from '../support/http.ts';
import type { ScopeBody } from '../support/shapes.ts';

/** What a deployment may lack for now. A chapter or case that needs it is reported as skipped, by name. */
export type Feature =
  | 'zones'
  | 'compaction'
  | 'quotas'
  /** Deliveries to endpoints, and the subscriptions that ask for them. */
  | 'push'
  /** A slash within a name, sent as `%2F`: some gateways pass it on as a slash, and nobody behind them can tell. */
  | 'encoded-slash'
  /** Compressed bodies whose content type is JSON or text: some gateways take those for UTF-8, and lose bytes. */
  | 'compressed-text'
  | 'streaming';

export interface Target {
  readonly baseUrl: string;
  readonly operatorKey: string;
  /** Features that this deployment lacks, and refuses to pretend. */
  readonly lacks: readonly Feature[];
  /** How many requests to send at once: an emulator starts a process for each. */
  readonly atOnce: number;
  /** Contract section 2: after this long a revoked key is dead. */
  readonly keyDeathMs: number;
}

/** One chapter's view: a tenant of its own, so that chapters do not meet. */
export class BusUnderTest {
  readonly target: Target;
  readonly http: Http;
  readonly operator: Caller;
  readonly anonymous: Caller;
  readonly tenant: string;
  #key = '';
  #api: Caller;

  constructor(target: Target, chapter: string) {
    this.target = target;
    this.http = new Http(target.baseUrl, target.atOnce);
    this.operator = this.http.as(target.operatorKey);
    this.anonymous = this.http.as(undefined);
    this.tenant = freshName(chapter);
    this.#api = this.anonymous;
  }

  /** With every action on every topic of the chapter's tenant. */
  get api(): Caller {
    return this.#api;
  }

  get key(): string {
    return this.#key;
  }

  async open(): Promise<void> {
    await makeTenant(this.operator, this.tenant);
    this.#key = (await makeKey(this.operator, this.tenant)).key;
    this.#api = this.http.as(this.#key);
  }

  close(): void {
    this.http.close();
  }

  lacks(feature: Feature): boolean {
    return this.target.lacks.includes(feature);
  }

  /** Makes a topic and answers its name. */
  async topic(partitions = 1): Promise<string> {
    return (await makeTopic(this.api, { partitions })).name;
  }

  async callerWith(scopes: readonly ScopeBody[], tenant = this.tenant): Promise<Caller> {
    return this.http.as((await makeKey(this.operator, tenant, { scopes })).key);
  }

  /** A caller with all rights in another tenant. */
  async stranger(): Promise<Caller> {
    const tenant = await makeTenant(this.operator);
    return this.callerWith([{ actions: [...ALL_ACTIONS], topics: ['*'] }], tenant);
  }
}

/** A chapter of the suite: declares its cases on the bus that it is given. */
export type Chapter = (bus: BusUnderTest) => void;
