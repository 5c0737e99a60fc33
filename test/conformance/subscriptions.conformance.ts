import { HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchTopic, freshName, makeTopic, must, produce } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { type Received, WebhookReceiver } from '../support/webhook-receiver.ts';
import type { BusUnderTest, Chapter } from './bus-under-test.ts';

interface SubscriptionBody {
  readonly id: string;
  readonly status: string;
  readonly statusReason?: string;
  readonly secret: string;
  readonly retry: { readonly maxAttempts: number | null; readonly scheduleMs: number[]; readonly timeoutMs: number };
  readonly endpoint: { readonly url: string; readonly headers?: object };
}

interface AttemptBody {
  readonly offset: number;
  readonly attempt: number;
  readonly outcome: string;
  readonly status: number | null;
  readonly response: string;
  readonly nextTryAt: string | null;
}

const FAST = { maxAttempts: 3, scheduleMs: [0, 20, 20], timeoutMs: 1000 };

const headersOf = ({ headers }: Received): Record<string, string> => headers as Record<string, string>;

const verified = (secret: string, received: Received): unknown =>
  new Webhook(secret).verify(received.body, headersOf(received));

const subscribe = async (bus: BusUnderTest, body: object, id = freshName('push')): Promise<SubscriptionBody> =>
  must(await bus.api.put(`/v1/subscriptions/${id}`, body), 201).json<SubscriptionBody>();

const show = async (bus: BusUnderTest, id: string): Promise<SubscriptionBody> =>
  must(await bus.api.get(`/v1/subscriptions/${id}`), 200).json<SubscriptionBody>();

/** Looks again until it holds: what happens behind an answer has no event of its own. */
const eventually = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let n = 0; n < 400; n++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('It did not come to hold.');
};

const describeManagement = (bus: BusUnderTest, receiver: () => WebhookReceiver): void => {
  it('are made with their defaults, and show their secret this once', async () => {
    const topic = await bus.topic();
    const made = await subscribe(bus, { topic, endpoint: { url: receiver().url } });
    expect(made).toMatchObject({
      topic,
      endpoint: { url: receiver().url },
      from: 'latest',
      filter: null,
      format: 'cloudevents',
      batch: null,
      deadLetterTopic: null,
      maxInFlight: 1,
      rateLimit: null,
      status: 'active',
    });
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(made.retry.scheduleMs).toEqual([0, 5000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000]);
    const shown = await show(bus, made.id);
    expect({ ...shown, secret: made.secret }).toEqual(made);
    expect(shown).not.toHaveProperty('secret');
    const again = must(await bus.api.put(`/v1/subscriptions/${made.id}`, { endpoint: { url: receiver().url } }), 200);
    expect(again.json()).toEqual(shown);
    expect(must(await bus.api.get('/v1/subscriptions?limit=1000'), 200).text).not.toContain('whsec_');
  });

  it('keep what an update leaves out, and refuse to move', async () => {
    const topic = await bus.topic();
    const dead = await bus.topic();
    const { id } = await subscribe(bus, {
      topic,
      endpoint: { url: receiver().url, headers: { 'X-A': 'b' } },
      retry: FAST,
    });
    const path = `/v1/subscriptions/${id}`;
    const patched = must(await bus.api.patch(path, { deadLetterTopic: dead, retry: { timeoutMs: 500 } }), 200);
    expect(patched.json()).toMatchObject({
      retry: { ...FAST, timeoutMs: 500 },
      deadLetterTopic: dead,
      endpoint: { headers: { 'X-A': 'b' } },
    });
    expectProblem(await bus.api.patch(path, { topic: dead }), 409, 'conflict');
    expectProblem(await bus.api.put(path, { from: 'earliest' }), 409, 'conflict');
    expectProblem(await bus.api.patch(path, { deadLetterTopic: topic }), 400, 'invalid_request');
    expectProblem(await bus.api.patch(path, { deadLetterTopic: freshName('missing') }), 404, 'topic_not_found');
    expectProblem(await bus.api.patch(`${path}x`, {}), 404, 'subscription_not_found');
  });

  it('are gone when deleted, and anew when made again', async () => {
    const topic = await bus.topic();
    const { id, secret } = await subscribe(bus, { topic, endpoint: { url: receiver().url } });
    must(await bus.api.delete(`/v1/subscriptions/${id}`), 204);
    expectProblem(await bus.api.delete(`/v1/subscriptions/${id}`), 404, 'subscription_not_found');
    expectProblem(await bus.api.get(`/v1/subscriptions/${id}`), 404, 'subscription_not_found');
    expect((await subscribe(bus, { topic, endpoint: { url: receiver().url } }, id)).secret).not.toBe(secret);
  });

  it.each<[string, object, number, string]>([
    ['no topic', { topic: null }, 400, 'invalid_request'],
    ['no endpoint', { endpoint: null }, 400, 'invalid_request'],
    ['no such topic', { topic: 'never-made' }, 404, 'topic_not_found'],
    ['an address that is none', { endpoint: { url: 'hook' } }, 400, 'invalid_request'],
    ['an address with a password', { endpoint: { url: 'https://a:b@hooks.example.com/' } }, 400, 'invalid_request'],
    [
      'a header of ours',
      { endpoint: { url: 'https://h.example.com/', headers: { 'Webhook-Id': 'x' } } },
      400,
      'invalid_request',
    ],
    [
      'a header of two lines',
      { endpoint: { url: 'https://h.example.com/', headers: { a: 'b\r\nc: d' } } },
      400,
      'invalid_request',
    ],
    ['an unknown format', { format: 'xml' }, 400, 'invalid_request'],
    ['a batch of raw values', { format: 'raw', batch: { maxRecords: 2 } }, 400, 'invalid_request'],
    ['a filter of two lists', { filter: [{ exact: { key: 'a' } }] }, 400, 'invalid_request'],
    ['a dialect that is none', { filter: { regex: { key: 'a' } } }, 400, 'invalid_request'],
    ['an attribute that is none', { filter: { exact: { offset: '1' } } }, 400, 'invalid_request'],
    ['an empty list of filters', { filter: { any: [] } }, 400, 'invalid_request'],
    ['no tries', { retry: { maxAttempts: 0 } }, 400, 'invalid_request'],
    ['a schedule of nothing', { retry: { scheduleMs: [] } }, 400, 'invalid_request'],
    ['a start in words', { from: 'now' }, 400, 'invalid_request'],
    ['nothing in flight', { maxInFlight: 0 }, 400, 'invalid_request'],
    ['an unknown field', { url: 'https://hooks.example.com/' }, 400, 'invalid_request'],
  ])('are refused with %s', async (_, change, status, code) => {
    const topic = await bus.topic();
    const id = freshName('bad');
    const body = { topic, endpoint: { url: 'https://hooks.example.com/' }, ...change };
    expectProblem(await bus.api.put(`/v1/subscriptions/${id}`, body), status, code);
    expectProblem(await bus.api.get(`/v1/subscriptions/${id}`), 404, 'subscription_not_found');
  });

  it('need subscribe on their topic and produce on their dead-letter topic', async () => {
    const topic = await bus.topic();
    const dead = await bus.topic();
    const caller = await bus.callerWith([{ actions: ['subscribe'], topics: [topic] }]);
    const endpoint = { url: receiver().url };
    const path = `/v1/subscriptions/${freshName('scoped')}`;
    expectProblem(await caller.put(path, { topic: dead, endpoint }), 403, 'forbidden');
    expectProblem(await caller.put(path, { topic, endpoint, deadLetterTopic: dead }), 403, 'forbidden');
    must(await caller.put(path, { topic, endpoint }), 201);
    const other = await bus.callerWith([{ actions: ['subscribe'], topics: [dead] }]);
    expectProblem(await other.get(path), 404, 'subscription_not_found');
    expect(must(await other.get('/v1/subscriptions'), 200).json()).toEqual({ data: [], nextCursor: null });
    expectProblem(await other.put(path, { topic: dead, endpoint }), 403, 'forbidden');
  });
};

const describeDeliveries = (bus: BusUnderTest, receiver: () => WebhookReceiver): void => {
  it('come signed, in order, as events that CloudEvents reads', async () => {
    const topic = await bus.topic();
    const { secret } = await subscribe(bus, { topic, endpoint: { url: receiver().url, headers: { 'X-Own': 'yes' } } });
    const sent = Array.from({ length: 20 }, (_, n) => ({
      key: `k ${n % 3}`,
      value: { n },
      timestamp: 1_760_000_000_000 + n,
    }));
    await produce(bus.api, topic, sent);
    const received = await receiver().count(20);
    const { id: topicId } = must(await bus.api.get(`/v1/topics/${topic}`), 200).json<{ id: string }>();
    for (const [n, one] of received.entries()) {
      expect(verified(secret, one)).toEqual({ n });
      const event = HTTP.toEvent({ headers: one.headers, body: one.body.toString() });
      expect(event).toMatchObject({
        id: `${topicId}.0.${n}`,
        source: `/topics/${topic}`,
        type: 'dev.chasqui.record',
        time: new Date(1_760_000_000_000 + n).toISOString(),
        data: { n },
      });
      expect(one.headers).toMatchObject({
        'webhook-id': `${topicId}.0.${n}`,
        'x-own': 'yes',
        'content-type': 'application/json',
      });
      expect(decodeURIComponent(String(one.headers['ce-partitionkey']))).toBe(`k ${n % 3}`);
    }
  });

  it('come structured, raw, and in batches', async () => {
    const topic = await bus.topic();
    await produce(bus.api, topic, [
      { key: 'ä', value: { n: 1.1 }, headers: { h: 'v' } },
      { value: 'text' },
      { valueBase64: 'AAEC', headers: { 'content-type': 'image/x' } },
    ]);
    const formats = ['cloudevents-structured', 'raw'].map((format) => ({ format }));
    const secrets: string[] = [];
    for (const more of [...formats, { format: 'cloudevents', batch: { maxRecords: 10 } }]) {
      const before = receiver().received.length;
      const endpoint = { url: receiver().url };
      secrets.push((await subscribe(bus, { topic, from: 'earliest', endpoint, ...more })).secret);
      await receiver().count(before + ('batch' in more ? 1 : 3));
    }
    const [structured, , bytes, raw, , image, batch] = receiver().received as Received[];
    expect(verified(secrets[0]!, structured!)).toMatchObject({
      data: { n: 1.1 },
      subject: 'ä',
      datacontenttype: 'application/json',
    });
    expect(JSON.parse(bytes!.body.toString())).toMatchObject({ data_base64: 'AAEC', datacontenttype: 'image/x' });
    expect(raw!.body.toString()).toBe('{"n":1.1}');
    expect(raw!.headers).toMatchObject({
      'chasqui-topic': topic,
      'chasqui-partition': '0',
      'chasqui-offset': '0',
      'chasqui-key': '%C3%A4',
      'chasqui-header-h': 'v',
      'content-type': 'application/json',
    });
    expect([image!.body.toString('base64'), image!.headers['content-type']]).toEqual(['AAEC', 'image/x']);
    expect(batch!.headers['webhook-id']).toMatch(/\.0\.0-2$/);
    expect(verified(secrets[2]!, batch!)).toHaveLength(3);
    expect(HTTP.toEvent({ headers: batch!.headers, body: batch!.body.toString() })).toHaveLength(3);
  });

  it('pass the filter, and what an event was it is again', async () => {
    const topic = await bus.topic();
    const filter = {
      all: [{ prefix: { 'header.ce_type': 'order.' } }, { not: { exact: { 'value.state': 'draft' } } }],
    };
    await subscribe(bus, { topic, endpoint: { url: receiver().url }, filter });
    for (const [id, type, state] of [
      ['1', 'order.placed', 'draft'],
      ['2', 'user.made', 'new'],
      ['3', 'order.placed', 'new'],
    ]) {
      const event = { specversion: '1.0', id, source: '/shop', type, traceid: 't', data: { state } };
      const headers = { 'content-type': 'application/cloudevents+json' };
      must(await bus.api.send('POST', `/v1/topics/${topic}/events`, { body: JSON.stringify(event), headers }), 200);
    }
    const [only] = await receiver().count(1);
    expect(HTTP.toEvent({ headers: only!.headers, body: only!.body.toString() })).toMatchObject({
      id: '3',
      source: '/shop',
      type: 'order.placed',
      traceid: 't',
    });
    expect(only!.headers['webhook-id']).toMatch(/\.0\.2$/);
  });

  it('are tried again under the same id, in order, and logged', async () => {
    const topic = await bus.topic();
    let left = 2;
    receiver().answer = (_, response) => {
      response.writeHead(left-- > 0 ? 500 : 200).end('said the endpoint');
    };
    const { id } = await subscribe(bus, {
      topic,
      endpoint: { url: receiver().url },
      retry: { ...FAST, maxAttempts: 5 },
    });
    await produce(bus.api, topic, [{ value: 1 }, { value: 2 }]);
    const received = await receiver().count(4);
    expect(received.map(({ body }) => body.toString())).toEqual(['1', '1', '1', '2']);
    expect(new Set(received.slice(0, 3).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    let attempts: AttemptBody[] = [];
    await eventually(async () => {
      attempts = must(await bus.api.get(`/v1/subscriptions/${id}/attempts`), 200).json<{ data: AttemptBody[] }>().data;
      return attempts.length === 4;
    });
    expect(attempts.map(({ offset, attempt, outcome, status }) => [offset, attempt, outcome, status])).toEqual([
      [1, 1, 'delivered', 200],
      [0, 3, 'delivered', 200],
      [0, 2, 'failed', 500],
      [0, 1, 'failed', 500],
    ]);
    expect(attempts[3]).toMatchObject({ response: 'said the endpoint', nextTryAt: expect.any(String) });
  });

  it('that are refused for good go to the dead-letter topic whole, and the next one is sent', async () => {
    const topic = await bus.topic();
    const dead = await bus.topic();
    receiver().answer = ({ body }, response) =>
      response.writeHead(body.toString().includes('poison') ? 422 : 200).end();
    await subscribe(bus, { topic, endpoint: { url: receiver().url }, retry: FAST, deadLetterTopic: dead });
    await produce(bus.api, topic, [
      { key: 'k', value: { poison: 1.0 }, headers: { h: 'v' }, timestamp: 7 },
      { value: 'good' },
    ]);
    expect((await receiver().count(4)).map(({ body }) => body.toString().slice(0, 6))).toEqual([
      '{"pois',
      '{"pois',
      '{"pois',
      '"good"',
    ]);
    const { records } = await fetchTopic(bus.api, dead, '?waitMs=2000');
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      key: 'k',
      value: { poison: 1 },
      timestamp: 7,
      headers: { h: 'v', 'chasqui-error': 'HTTP 422', 'chasqui-error-attempts': '3', 'chasqui-error-offset': '0' },
    });
  });

  it('wait as long as 429 asks', async () => {
    const topic = await bus.topic();
    receiver().answer = (_, response) => {
      response.writeHead(receiver().received.length === 1 ? 429 : 200, { 'retry-after': '1' }).end();
    };
    await subscribe(bus, { topic, endpoint: { url: receiver().url }, retry: FAST });
    await produce(bus.api, topic, [{ value: 1 }]);
    const [first, second] = await receiver().count(2);
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(990);
  });

  it('stop at 410, and go on with the same record when resumed', async () => {
    const topic = await bus.topic();
    receiver().answer = (_, response) => response.writeHead(410).end();
    const { id } = await subscribe(bus, { topic, endpoint: { url: receiver().url }, retry: FAST });
    await produce(bus.api, topic, [{ value: 'kept' }]);
    await eventually(async () => (await show(bus, id)).status === 'paused');
    expect((await show(bus, id)).statusReason).toContain('410');
    receiver().answerOk();
    await produce(bus.api, topic, [{ value: 'next' }]);
    must(await bus.api.send('POST', `/v1/subscriptions/${id}/resume`), 200);
    expect((await receiver().count(3)).map(({ body }) => body.toString())).toEqual(['"kept"', '"kept"', '"next"']);
    expect((await show(bus, id)).status).toBe('active');
  });

  it('rest while paused, come again on replay, and are signed with both secrets after a rotation', async () => {
    const topic = await bus.topic();
    const { id, secret } = await subscribe(bus, { topic, endpoint: { url: receiver().url } });
    const path = `/v1/subscriptions/${id}`;
    expect(must(await bus.api.send('POST', `${path}/pause`), 200).json()).toMatchObject({ status: 'paused' });
    await produce(bus.api, topic, [{ value: 1 }, { value: 2 }]);
    const rotated = must(await bus.api.send('POST', `${path}/rotate-secret`), 200).json<SubscriptionBody>();
    must(await bus.api.send('POST', `${path}/resume`), 200);
    for (const one of await receiver().count(2)) {
      for (const each of [secret, rotated.secret]) expect([1, 2]).toContain(verified(each, one));
    }
    must(await bus.api.post(`${path}/replay`, { from: 'earliest' }), 200);
    expect((await receiver().count(4)).map(({ body }) => body.toString())).toEqual(['1', '2', '1', '2']);
  });

  it('can be tested, whatever the status', async () => {
    const topic = await bus.topic();
    const { id, secret } = await subscribe(bus, { topic, endpoint: { url: receiver().url } });
    receiver().answer = (_, response) => response.writeHead(418).end('teapot');
    const tested = must(await bus.api.send('POST', `/v1/subscriptions/${id}/test`), 200).json();
    expect(tested).toMatchObject({ status: 418, error: null, response: 'teapot' });
    const [sample] = receiver().received;
    expect(verified(secret, sample!)).toMatchObject({ subscription: id });
  });

  it('end with their topic, and the subscription says so', async () => {
    const { name } = await makeTopic(bus.api, {});
    const { id } = await subscribe(bus, { topic: name, endpoint: { url: receiver().url } });
    must(await bus.api.delete(`/v1/topics/${name}`), 204);
    await eventually(async () => (await show(bus, id)).statusReason === 'The topic was deleted.');
  });
};

/** Push (contract section 7). Needs a deployment that may send to loopback. */
export const subscriptions: Chapter = (bus) => {
  let receiver: WebhookReceiver;
  beforeEach(() => {
    receiver.received.length = 0;
    receiver.answerOk();
  });
  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterEach(async () => {
    const { data } = must(await bus.api.get('/v1/subscriptions?limit=1000'), 200).json<{ data: SubscriptionBody[] }>();
    for (const { id } of data) must(await bus.api.delete(`/v1/subscriptions/${id}`), 204);
  });
  afterAll(() => receiver.stop());

  describe.skipIf(bus.lacks('push'))('subscriptions', () => describeManagement(bus, () => receiver));
  describe.skipIf(bus.lacks('push'))('deliveries', () => describeDeliveries(bus, () => receiver));
};
