import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Check } from './check-records.ts';
import { type Flight, NUMBER_HEADER } from './flights.ts';
import type { Delivery } from './push-receiver.ts';

/** As https://www.standardwebhooks.com has it: HMAC-SHA256 over the id, the time and the body; by any secret that is still good. */
const isSigned = ({ headers, body }: Delivery, secret: string): boolean => {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.`;
  const expected = createHmac('sha256', key).update(signed).update(body).digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .map((signature) => Buffer.from(signature.replace(/^v1,/, ''), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
};

/** Looks at what a webhook gets. What comes again is no fault: it has the same id, and is dropped. */
export class PushChecker {
  readonly #missing: Map<number, Flight>;
  readonly #ids = new Set<string>();
  readonly #lastOfKey = new Map<string, number>();
  #unsigned = 0;
  #outOfOrder = 0;
  #changed = 0;

  constructor(flights: readonly Flight[]) {
    this.#missing = new Map(flights.map((flight) => [flight.number, flight]));
  }

  isDone(): boolean {
    return this.#missing.size === 0;
  }

  /** @returns whether it is from the bus. */
  take(delivery: Delivery, secret: string): boolean {
    if (!isSigned(delivery, secret)) {
      this.#unsigned += 1;
      return false;
    }
    const id = String(delivery.headers['webhook-id']);
    if (!this.#ids.has(id)) this.#look(delivery);
    this.#ids.add(id);
    return true;
  }

  checks(): Check[] {
    return [
      { name: 'every one was delivered', faults: this.#missing.size },
      { name: 'every signature is good', faults: this.#unsigned },
      { name: 'delivered in order per key', faults: this.#outOfOrder },
      { name: 'every body unchanged', faults: this.#changed },
    ];
  }

  #look({ headers, body }: Delivery): void {
    const number = Number(headers[`chasqui-header-${NUMBER_HEADER}`]);
    const key = String(headers['chasqui-key']);
    const flight = this.#missing.get(number);
    this.#missing.delete(number);
    if (flight?.origin !== key || flight.json !== body.toString()) this.#changed += 1;
    if (number <= (this.#lastOfKey.get(key) ?? -1)) this.#outOfOrder += 1;
    this.#lastOfKey.set(key, number);
  }
}
