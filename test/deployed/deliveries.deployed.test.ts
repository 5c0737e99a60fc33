import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDeployment } from '../../scripts/aws/deployment.ts';
import { freshName, makeKey, makeTenant, makeTopic, must, produce } from '../support/bus.ts';
import { type Caller, Http } from '../support/http.ts';
import { WebhookReceiver } from '../support/webhook-receiver.ts';

/** Longer than a function stays for; two of them cannot both be met by a sweep, which is once a minute. */
const GAPS_MS = [4000, 6000];
/** SQS counts in seconds, and the emulator shares its machine. */
const LATE_MS = 4000;

describe('deliveries of the deployed bus', () => {
  let http: Http;
  let api: Caller;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    const { baseUrl, operatorKey } = await openDeployment();
    http = new Http(baseUrl, 8);
    const operator = http.as(operatorKey);
    api = http.as((await makeKey(operator, await makeTenant(operator))).key);
    receiver = await WebhookReceiver.start();
  });
  afterAll(async () => {
    http.close();
    await receiver.stop();
  });
  const subscribe = async (body: object): Promise<string> => {
    const id = freshName('push');
    must(await api.put(`/v1/subscriptions/${id}`, { endpoint: { url: receiver.url }, ...body }), 201);
    return id;
  };

  it('that failed are tried again when they are due, without the sweep', async () => {
    const { name: topic } = await makeTopic(api, {}, freshName('late'));
    receiver.answer = (_, response) => response.writeHead(receiver.received.length > GAPS_MS.length ? 204 : 500).end();
    const id = await subscribe({ topic, retry: { maxAttempts: 5, scheduleMs: [0, ...GAPS_MS] } });
    await produce(api, topic, [{ key: 'k', value: 1 }]);
    const tries = await receiver.count(GAPS_MS.length + 1, 40_000);
    const waitedMs = GAPS_MS.map((_, n) => tries[n + 1]!.at - tries[n]!.at);
    console.log(`pauses of ${GAPS_MS.join(' and ')} ms took ${waitedMs.join(' and ')} ms`);
    for (const [n, gap] of GAPS_MS.entries()) {
      expect(waitedMs[n]).toBeGreaterThanOrEqual(gap);
      expect(waitedMs[n]).toBeLessThan(gap + LATE_MS);
    }
    expect(new Set(tries.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    must(await api.delete(`/v1/subscriptions/${id}`), 204);
  });

  it('of a batch that is not full go out when it has waited, though no function waits so long', async () => {
    const { name: topic } = await makeTopic(api, {}, freshName('batch'));
    receiver.answerOk();
    const before = receiver.received.length;
    const id = await subscribe({ topic, batch: { maxRecords: 100, maxWaitMs: 5000 } });
    const startedAt = Date.now();
    await produce(api, topic, [{ value: 1 }, { value: 2 }]);
    const batch = (await receiver.count(before + 1, 20_000)).at(-1)!;
    expect(JSON.parse(batch.body.toString())).toHaveLength(2);
    expect(batch.at - startedAt).toBeGreaterThanOrEqual(5000);
    expect(batch.at - startedAt).toBeLessThan(5000 + LATE_MS + 2000);
    must(await api.delete(`/v1/subscriptions/${id}`), 204);
  });
});
