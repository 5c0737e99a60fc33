import { describe, expect, it } from 'vitest';
import type { SubscriptionId } from '../../../shared/contract/ids.ts';
import type { Settings } from '../../../shared/delivery/settings.ts';
import { answered } from '../../support/fake-endpoints.ts';
import { PushWorld } from '../../support/push-world.ts';

const URL = 'https://hooks.example.com/';
const OTHER_URL = 'https://other.example.com/';
const ID = 'push' as SubscriptionId;
const SETTINGS: Settings = {
  topic: 'orders',
  endpoint: { url: URL, handshake: true, headers: { 'x-own': 'yes' } },
  from: 'earliest',
};

const prepare = async (permission: Readonly<Record<string, string>>, settings: Settings = SETTINGS) => {
  const world = new PushWorld();
  const given = { permission };
  world.endpoints.answer = ({ method }) => answered(200, method === 'OPTIONS' ? given.permission : {});
  await world.topic('orders');
  await world.subscribe(ID, settings);
  await world.send('orders', [{ key: 'k', value: 1 }]);
  await world.work();
  await world.clock.advance(10);
  const seen = (): string[] => world.endpoints.requests.map(({ method, url }) => `${method} ${url}`);
  const stored = () => world.service.subscriptions.get(world.tenant, ID);
  return { world, given, seen, stored };
};

describe('the handshake', () => {
  it.each(['*', 'chasqui.dev', 'Chasqui.dev'])(
    'comes before the first delivery, once, and %s is leave',
    async (origin) => {
      const { world, seen } = await prepare({ 'webhook-allowed-origin': origin });
      expect(seen()).toEqual([`OPTIONS ${URL}`, `POST ${URL}`]);
      expect(world.endpoints.requests[0]?.headers).toMatchObject({
        'webhook-request-origin': 'chasqui.dev',
        'x-own': 'yes',
      });
      await world.stop();
      await world.work();
      await world.send('orders', [{ key: 'k', value: 2 }]);
      await world.clock.advance(10);
      expect(seen().slice(2)).toEqual([`POST ${URL}`]);
      await world.stop();
    },
  );

  it('is not asked for where nobody wants it', async () => {
    const { world, seen } = await prepare({}, { ...SETTINGS, endpoint: { url: URL } });
    expect(seen()).toEqual([`POST ${URL}`]);
    await world.stop();
  });

  it('is asked for again every minute as long as nothing is said', async () => {
    const { world, given, seen } = await prepare({});
    await world.clock.advance(50_000);
    expect(seen()).toEqual([`OPTIONS ${URL}`]);
    given.permission = { 'webhook-allowed-origin': '*' };
    await world.clock.advance(11_000);
    expect(seen()).toEqual([`OPTIONS ${URL}`, `OPTIONS ${URL}`, `POST ${URL}`]);
    await world.stop();
  });

  it('pauses at a no, and is asked for again on resume', async () => {
    const { world, given, seen, stored } = await prepare({ 'webhook-allowed-origin': 'else.example.com' });
    await world.clock.advance(120_000);
    expect(seen()).toEqual([`OPTIONS ${URL}`]);
    expect(await stored()).toMatchObject({
      status: 'paused',
      statusReason: 'The endpoint gives no leave to send to it.',
    });
    given.permission = { 'webhook-allowed-origin': '*' };
    await world.resume(ID);
    await world.clock.advance(10);
    expect(seen().slice(1)).toEqual([`OPTIONS ${URL}`, `POST ${URL}`]);
    await world.stop();
  });

  it('is for one address, and another one is asked anew', async () => {
    const { world, seen } = await prepare({ 'webhook-allowed-origin': '*' });
    await world.subscribe(ID, { endpoint: { url: OTHER_URL, handshake: true } });
    await world.clock.advance(10);
    await world.send('orders', [{ key: 'k', value: 2 }]);
    await world.clock.advance(10);
    expect(seen().slice(2)).toEqual([`OPTIONS ${OTHER_URL}`, `POST ${OTHER_URL}`]);
    await world.stop();
  });
});
