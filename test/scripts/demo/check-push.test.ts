import { describe, expect, it } from 'vitest';
import { PushChecker } from '../../../scripts/demo/check-push.ts';
import { type Flight, NUMBER_HEADER } from '../../../scripts/demo/flights.ts';
import type { Delivery } from '../../../scripts/demo/push-receiver.ts';
import { webhookSignature } from '../../../shared/lib/webhook-signature.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;

const flights: Flight[] = ['SFO', 'SEA', 'SFO'].map((origin, number) => ({
  number,
  origin,
  json: JSON.stringify({ origin, delay: number }),
}));

const delivered = ({ number, origin, json }: Flight, secrets: readonly string[] = [SECRET]): Delivery => {
  const id = `t.0.${number}`;
  const body = Buffer.from(json);
  return {
    headers: {
      'webhook-id': id,
      'webhook-timestamp': '1760000000',
      'webhook-signature': webhookSignature({ id, timestamp: 1_760_000_000, body }, secrets),
      'chasqui-key': origin,
      [`chasqui-header-${NUMBER_HEADER}`]: String(number),
    },
    body,
  };
};

const faultsOf = (deliveries: readonly Delivery[]): string[] => {
  const checker = new PushChecker(flights);
  for (const delivery of deliveries) checker.take(delivery, SECRET);
  expect(checker.isDone()).toBe(checker.checks()[0]?.faults === 0);
  return checker
    .checks()
    .filter(({ faults }) => faults > 0)
    .map(({ name }) => name);
};

const [first, second, third] = flights.map((flight) => delivered(flight)) as [Delivery, Delivery, Delivery];

describe('PushChecker', () => {
  it.each<[string, Delivery[], string[]]>([
    ['nothing in sound deliveries', [first, second, third], []],
    ['nothing in one that comes again', [first, second, third, first], []],
    ['nothing where one key is ahead of another', [second, first, third], []],
    ['nothing where either of two secrets signed', [delivered(flights[0]!, [OTHER, SECRET]), second, third], []],
    ['what is missing', [first, second], ['every one was delivered']],
    ['the order of a key', [third, second, first], ['delivered in order per key']],
    ['another secret', [first, second, third, delivered(flights[0]!, [OTHER])], ['every signature is good']],
    [
      'a body that is not what was signed',
      [{ ...first, body: second.body }, second, third],
      ['every one was delivered', 'every signature is good'],
    ],
    ['a value that is another', [delivered({ ...flights[0]!, json: '{}' }), second, third], ['every body unchanged']],
    [
      'a flight that is none',
      [first, second, third, delivered({ ...flights[0]!, number: 9 })],
      ['every body unchanged'],
    ],
  ])('finds %s', (_, deliveries, faults) => {
    expect(faultsOf(deliveries)).toEqual(faults);
  });
});
