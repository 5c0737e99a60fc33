import type { SubscriptionId, TenantId } from '../contract/ids.ts';
import type { PushPorts } from './push-ports.ts';
import { Supervisor } from './supervisor.ts';

const PAGE = 1000;

/** How a subscription's work in this process is known; a change waits for the change before it. */
interface Place {
  supervisor: Supervisor | undefined;
  turn: Promise<void>;
  /** Changes that have not been followed yet. */
  pending: number;
}

/** Delivers every active subscription of the deployment in this process. Told of changes by whoever makes them. */
export class Dispatcher {
  readonly #ports: PushPorts;
  readonly #places = new Map<string, Place>();
  #stopped = false;

  constructor(ports: PushPorts) {
    this.#ports = ports;
  }

  /** Takes up what was there when the process began. */
  async start(): Promise<void> {
    let after: string | undefined;
    do {
      const { found, next } = await this.#ports.subscriptions.pageOfAll({ after, limit: PAGE });
      for (const { tenant, subscription } of found) this.changed(tenant, subscription.id);
      after = next;
    } while (after !== undefined);
  }

  /** Something about the subscription was written: nothing of what it was before is begun any more. */
  changed(tenant: TenantId, id: SubscriptionId): void {
    if (this.#stopped) return;
    const name = `${tenant}/${id}`;
    const place = this.#places.get(name) ?? { supervisor: undefined, turn: Promise.resolve(), pending: 0 };
    this.#places.set(name, place);
    place.supervisor?.halt();
    place.pending += 1;
    place.turn = place.turn
      .then(() => this.#follow(name, place, tenant, id))
      .catch((error: unknown) => {
        this.#ports.log.write('error', 'push could not follow a change', { tenant, subscription: id, error });
      });
  }

  /** Ends all work and stores its progress. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const places = [...this.#places.values()];
    for (const { supervisor } of places) supervisor?.halt();
    await Promise.allSettled(places.map(({ turn }) => turn));
    await Promise.allSettled(places.map(({ supervisor }) => supervisor?.stop()));
  }

  async #follow(name: string, place: Place, tenant: TenantId, id: SubscriptionId): Promise<void> {
    place.pending -= 1;
    const subscription = await this.#ports.subscriptions.get(tenant, id);
    // Nobody wants to know what becomes of a subscription that is deleted.
    await place.supervisor?.stop(subscription === undefined ? 0 : undefined);
    place.supervisor = undefined;
    if (this.#stopped) return;
    if (subscription?.status === 'active') place.supervisor = new Supervisor(this.#ports, tenant, subscription);
    else if (subscription === undefined && place.pending === 0) this.#places.delete(name);
  }
}
