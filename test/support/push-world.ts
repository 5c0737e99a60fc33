import { watchedSubscriptionStore } from '../../shared/adapters/wrap/watched-subscription-store.ts';
import { parseSubscriptionId, type SubscriptionId, type TenantId, type TopicName } from '../../shared/contract/ids.ts';
import { VALUE_FORMATS } from '../../shared/contract/record.ts';
import { Dispatcher } from '../../shared/delivery/dispatcher.ts';
import type { Settings } from '../../shared/delivery/settings.ts';
import { putSubscription, resumeSubscription, type WithSecret } from '../../shared/delivery/subscriptions.ts';
import { findTopic } from '../../shared/log/find-topic.ts';
import { placeNow, produce } from '../../shared/log/produce.ts';
import { putTopic } from '../../shared/tenancy/topics.ts';
import type { FakeEndpoints } from './fake-endpoints.ts';
import { ALL, type MemoryService, memoryService, tenantId } from './memory-service.ts';

export interface Sent {
  readonly key: string | null;
  readonly value: unknown;
}

const subscriptionId = (text: string): SubscriptionId => {
  const id = parseSubscriptionId(text);
  if (id === undefined) throw new Error(`${text} is no id.`);
  return id;
};

/** Push in memory: time moved by hand, endpoints without a network, workers that can be killed. */
export class PushWorld {
  readonly tenant: TenantId = tenantId('acme');
  readonly service: MemoryService;
  readonly endpoints: FakeEndpoints;
  #workers: Dispatcher | undefined;
  #kill: () => void = () => undefined;

  constructor(other: Partial<MemoryService> = {}) {
    this.service = memoryService(other);
    this.endpoints = this.service.webhooks as FakeEndpoints;
  }

  get clock() {
    return this.service.clock;
  }

  async topic(name: string, partitions = 1): Promise<void> {
    await putTopic(this.service, this.tenant, name as TopicName, { partitions });
  }

  async send(topic: string, records: readonly Sent[]): Promise<void> {
    const { service, tenant } = this;
    const found = await findTopic(service, tenant, topic as TopicName);
    const inputs = records.map(({ key, value }) => ({
      key: key === null ? null : Buffer.from(key),
      value: Buffer.from(JSON.stringify(value)),
      valueFormat: VALUE_FORMATS.json,
      headers: [],
    }));
    await produce(service, { tenant, topic: found, records: inputs, placement: placeNow(service, found) });
  }

  subscribe(id: string, settings: Settings): Promise<WithSecret> {
    return putSubscription(this.#told(), this.caller, subscriptionId(id), settings);
  }

  async resume(id: string): Promise<void> {
    await this.manage(id, resumeSubscription);
  }

  /** Does what a request would. */
  manage<Result>(
    id: string,
    act: (ports: MemoryService, caller: PushWorld['caller'], id: SubscriptionId) => Promise<Result>,
  ): Promise<Result> {
    return act(this.#told(), this.caller, subscriptionId(id));
  }

  /** Starts workers on what is stored. */
  async work(): Promise<void> {
    let dead = false;
    const alive = <Port extends object>(port: Port): Port =>
      new Proxy(port, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          return (...args: unknown[]): unknown =>
            dead ? new Promise(() => undefined) : (member as (...args: unknown[]) => unknown).apply(target, args);
        },
      });
    const { service } = this;
    this.#workers = new Dispatcher({
      ...service,
      subscriptions: alive(this.#watched()),
      webhooks: alive(service.webhooks),
      offsets: alive(service.offsets),
    });
    this.#kill = () => {
      dead = true;
    };
    await this.#workers.start();
  }

  /** As by kill -9: nothing of it is stored or sent from now on, and its leases are left behind. */
  kill(): void {
    this.#kill();
  }

  stop(): Promise<void> {
    return this.#workers?.stop() ?? Promise.resolve();
  }

  /** Moves time on in steps until it holds. */
  async until(holds: () => boolean, stepMs = 500, limitMs = 86_400_000): Promise<void> {
    const end = this.clock.now() + limitMs;
    while (!holds()) {
      if (this.clock.now() > end) throw new Error('It did not come to hold in time.');
      await this.clock.advance(stepMs);
    }
  }

  get caller() {
    return { tenant: this.tenant, scopes: ALL };
  }

  /** The service, whose workers are told of changes. */
  #told(): MemoryService {
    return { ...this.service, subscriptions: this.#watched() };
  }

  #watched() {
    return watchedSubscriptionStore(this.service.subscriptions, (tenant, id) => this.#workers?.changed(tenant, id));
  }
}
