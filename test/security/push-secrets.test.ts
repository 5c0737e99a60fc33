import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeTopic, must, produce } from '../support/bus.ts';
import { Http } from '../support/http.ts';
import { ServerProcess } from '../support/server-process.ts';
import { WebhookReceiver } from '../support/webhook-receiver.ts';

const HEADER = 'a-token-of-the-endpoint';

/** All that is stored, as text in which bytes keep their place. */
const storedIn = (folder: string): string =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');

it('signing secrets are in no log, no attempt, no later answer and no file, and endpoint headers in no log and no attempt', async () => {
  const settings = { CHASQUI_ALLOW_PRIVATE_ENDPOINTS: '1', CHASQUI_LOG: 'debug' };
  const server = await ServerProcess.start({ settings });
  const receiver = await WebhookReceiver.start();
  receiver.answer = (_, response) => response.writeHead(500).end('no');
  const http = new Http(server.baseUrl);
  const api = http.as(server.devKey);
  try {
    const { name: topic } = await makeTopic(api, {});
    const path = '/v1/subscriptions/leaky';
    const endpoint = { url: receiver.url, headers: { 'X-Auth': HEADER } };
    const body = { topic, endpoint, retry: { maxAttempts: 2, scheduleMs: [0, 10] } };
    const { secret } = must(await api.put(path, body), 201).json<{ secret: string }>();
    await produce(api, topic, [{ value: 1 }]);
    await receiver.count(2);
    must(await api.patch(path, { endpoint: { url: 'http://127.0.0.1:1/', headers: { 'X-Auth': HEADER } } }), 200);
    const tested = must(await api.send('POST', `${path}/test`), 200).text;
    const rotated = must(await api.send('POST', `${path}/rotate-secret`), 200).json<{ secret: string }>().secret;
    const attempts = must(await api.get(`${path}/attempts`), 200).text;
    const shown = must(await api.get(path), 200).text;
    await server.stop();
    const stored = storedIn(server.dataFolder);
    for (const bare of [secret, rotated].map((each) => each.slice('whsec_'.length))) {
      for (const text of [server.output, attempts, tested, shown, stored]) expect(text).not.toContain(bare);
    }
    for (const text of [server.output, attempts, tested]) expect(text).not.toContain(HEADER);
  } finally {
    http.close();
    await receiver.stop();
    await server.cleanup();
  }
});
