import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../client/client.ts';
import { WebhookReceiver } from '../support/webhook-receiver.ts';
import { useBus } from './use-bus.ts';

const cli = useBus({ CHASQUI_ALLOW_PRIVATE_ENDPOINTS: '1' });

let receiver: WebhookReceiver;
beforeAll(async () => {
  receiver = await WebhookReceiver.start();
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answerOk();
});
afterAll(() => receiver.stop());

const produce = (topic: string, ...values: readonly unknown[]) =>
  createClient({ url: cli.bus().url, key: cli.bus().key }).produce(
    topic,
    values.map((value) => ({ value })),
  );

const subscriptions = (...args: readonly string[]) => cli.chasqui(['subscriptions', ...args]);

const json = async <Body>(...args: readonly string[]): Promise<Body> => {
  const outcome = await subscriptions(...args, '--json');
  expect(outcome).toMatchObject({ code: 0 });
  return JSON.parse(outcome.stdout) as Body;
};

const make = async (id: string, ...options: readonly string[]): Promise<string> => {
  await cli.makeTopic(`${id}-topic`);
  const place = ['--topic', `${id}-topic`, '--endpoint', receiver.url];
  const { secret } = await json<{ secret: string }>('put', id, ...place, ...options);
  return secret;
};

const verified = (secret: string, at: number): unknown => {
  const { body, headers } = receiver.received[at]!;
  return new Webhook(secret).verify(body, headers as Record<string, string>);
};

describe('chasqui subscriptions', () => {
  it('makes one, shows its secret once, lists it, and what it delivers bears its signature', async () => {
    await cli.makeTopic('sold');
    const args = ['put', 'shop', '--topic', 'sold', '--endpoint', receiver.url, '--header', 'X-Own: yes: really'];
    const made = await subscriptions(...args, '--filter', '{"exact":{"value.state":"new"}}');
    expect(made.code).toBe(0);
    const secret = /shown this once: (whsec_\S+)/.exec(made.stderr)?.[1] ?? '';
    expect(made.stdout).not.toContain('whsec_');
    await produce('sold', { state: 'draft' }, { state: 'new' });
    const [only] = await receiver.count(1);
    expect(verified(secret, 0)).toEqual({ state: 'new' });
    expect(only?.headers['x-own']).toBe('yes: really');
    expect((await subscriptions('list')).stdout).toMatch(
      new RegExp(`^SUBSCRIPTION +STATUS +TOPIC +ENDPOINT\\n(.*\\n)*shop +active +sold +${receiver.url}`),
    );
    const shown = await subscriptions('get', 'shop');
    expect(shown.stdout).toContain('{"exact":{"value.state":"new"}}');
    expect(shown.stdout + shown.stderr).not.toContain('whsec_');
    expect(await subscriptions(...args)).toMatchObject({ code: 0, stderr: 'shop was there already.\n' });
  });

  it('pauses and resumes, and delivers again on replay', async () => {
    await make('rested');
    expect((await subscriptions('pause', 'rested')).stdout).toMatch(/paused/);
    await produce('rested-topic', 1, 2);
    expect(await json('get', 'rested')).toMatchObject({ status: 'paused', statusReason: 'Paused by request.' });
    expect(receiver.received).toEqual([]);
    expect(await json('resume', 'rested')).toMatchObject({ status: 'active' });
    await receiver.count(2);
    await json('replay', 'rested', '--from', 'earliest');
    expect((await receiver.count(4)).map(({ body }) => body.toString())).toEqual(['1', '2', '1', '2']);
  });

  it('sends a sample, and shows what was tried', async () => {
    const secret = await make('tried', '--max-attempts', '1');
    receiver.answer = (_, response) => response.writeHead(418).end('teapot');
    expect(await json('test', 'tried')).toMatchObject({ status: 418, error: null, response: 'teapot' });
    expect(verified(secret, 0)).toMatchObject({ subscription: 'tried' });
    await produce('tried-topic', 1);
    await receiver.count(2);
    await expect
      .poll(async () => (await subscriptions('attempts', 'tried')).stdout, { timeout: 20_000 })
      .toMatch(/^TIME +PARTITION +OFFSET +TRY +OUTCOME +STATUS +MS +NEXT TRY\n\S+ +0 +0 +1 +given-up +418 +\d+ +-\n$/);
  });

  it('gives a new secret, with which the old one signs for a while', async () => {
    const old = await make('rotated');
    const { secret } = await json<{ secret: string }>('rotate-secret', 'rotated');
    expect(secret).not.toBe(old);
    await produce('rotated-topic', 7);
    await receiver.count(1);
    for (const each of [old, secret]) expect(verified(each, 0)).toBe(7);
  });

  it('deletes when it is sure, and tells what is not there and what is no header', async () => {
    await make('doomed');
    expect((await subscriptions('delete', 'doomed')).code).toBe(2);
    expect((await subscriptions('delete', 'doomed', '--yes')).code).toBe(0);
    expect((await subscriptions('get', 'doomed')).code).toBe(3);
    const refused = await subscriptions('put', 'doomed', '--header', 'none');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('is not a header') });
    const dropped = await subscriptions('put', 'doomed', '--header', 'X-Own: yes');
    expect(dropped).toMatchObject({ code: 2, stderr: expect.stringContaining('goes with --endpoint') });
    expect((await subscriptions('put', 'doomed', '--filter', 'none')).code).toBe(2);
  });
});
