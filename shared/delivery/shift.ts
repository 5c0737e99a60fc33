import type { TenantId } from '../contract/ids.ts';
import type { Subscription, TenantSubscription } from '../ports/subscription-store.ts';
import type { WakeUp } from '../ports/wake-ups.ts';
import type { PushPorts } from './push-ports.ts';
import { Supervisor } from './supervisor.ts';

/** One subscription as long as a worker has to do with it. Nobody tells it of changes: it looks. */
export class Shift {
  readonly #ports: PushPorts;
  readonly #tenant: TenantId;
  #subscription: Subscription;
  #supervisor: Supervisor | undefined;

  constructor(ports: PushPorts, { tenant, subscription }: TenantSubscription) {
    this.#ports = ports;
    this.#tenant = tenant;
    this.#subscription = subscription;
    this.#begin();
  }

  isBusy(waitsForOthers: boolean): boolean {
    return this.#supervisor?.isBusy(waitsForOthers) ?? false;
  }

  /** Goes on with what the subscription has become: a pause, another endpoint, another start. */
  async follow(): Promise<void> {
    const { log, subscriptions } = this.#ports;
    const { id, uid, revision } = this.#subscription;
    try {
      const now = await subscriptions.get(this.#tenant, id);
      if (now?.uid === uid && now.revision === revision) return;
      await this.#supervisor?.stop(now === undefined ? 0 : undefined);
      this.#supervisor = undefined;
      if (now === undefined) return;
      this.#subscription = now;
      this.#begin();
    } catch (error) {
      log.write('error', 'push could not follow a change', { tenant: this.#tenant, subscription: id, error });
    }
  }

  /** Answers whom to call to go on, and when; what is under way may take this long. */
  async end(graceMs: number): Promise<WakeUp | undefined> {
    const [tenant, subscription] = [this.#tenant, this.#subscription.id];
    try {
      const at = await this.#supervisor?.handOver(graceMs);
      return at === undefined ? undefined : { tenant, subscription, at };
    } catch (error) {
      // The others' progress, and whom they call, do not depend on it; the sweep finds what this one has left.
      this.#ports.log.write('error', 'push progress not stored', { tenant, subscription, error });
      return undefined;
    }
  }

  #begin(): void {
    if (this.#subscription.status === 'active')
      this.#supervisor = new Supervisor(this.#ports, this.#tenant, this.#subscription);
  }
}
