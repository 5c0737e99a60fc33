import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeTopic, must, produce, watermarks } from '../support/bus.ts';
import { type Caller, Http } from '../support/http.ts';
import { RawConnection } from '../support/raw-http.ts';
import { ServerProcess } from '../support/server-process.ts';

const END = '\r\n\r\n';
const BODY = '{"records":[{"value":1}]}';
const LIMITS = `GET /v1/limits HTTP/1.1\r\nHost: x${END}`;

let server: ServerProcess;
let http: Http;
let api: Caller;
let topic: string;

beforeAll(async () => {
  server = await ServerProcess.start();
  http = new Http(server.baseUrl);
  api = http.as(server.devKey);
});

afterAll(async () => {
  http.close();
  await server.cleanup();
});

beforeEach(async () => {
  topic = (await makeTopic(api)).name;
});

const head = (request: string, headers = ''): string =>
  `${request} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${server.devKey}\r\n${headers}`;

const post = (headers = ''): string =>
  `${head(`POST /v1/topics/${topic}/records`, headers)}Content-Type: application/json\r\nContent-Length: ${BODY.length}${END}${BODY}`;

const sendAll = async (text: string, half: 'open' | 'closed'): Promise<string> => {
  const connection = await RawConnection.open(server.baseUrl);
  await connection.write(text);
  if (half === 'closed') connection.finish();
  const answer = await connection.read(5000, () => false);
  expect(answer.closed).toBe(true);
  return answer.text;
};

const statuses = (text: string): string[] => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => match[1]!);

// A record was stored, and its sender was told 400, `sideEffects: none`: the refusal of what stood behind it came first.
describe('what is no request, behind one that is being done', () => {
  const rows: [string, string, 'open' | 'closed', string][] = [
    ['nonsense', `GARBAGE${END}`, 'open', '400'],
    ['a byte more than the length says', '}', 'open', '400'],
    ['CONNECT', `CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443${END}`, 'open', '400'],
    ['headers of 20 KB', `GET / HTTP/1.1\r\nX-Long: ${'x'.repeat(20_000)}${END}`, 'open', '431'],
    ['a piece of a request, and the end', 'GET /v1/to', 'closed', '400'],
    ['a broken body', `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked${END}xyz\r\n`, 'open', '400'],
  ];

  it.each(rows)('%s: each gets its own answer', async (_, tail, half, status) => {
    const text = await sendAll(post() + post() + tail, half);
    expect(statuses(text), text).toEqual(['200', '200', status]);
    expect([...text.matchAll(/"offset":(\d+)/g)].map(([, offset]) => Number(offset))).toEqual([0, 1]);
    expect(text).toContain('"sideEffects":"none"');
    expect(await watermarks(api, topic)).toEqual([2]);
  });

  it.each([
    ['nonsense', 'GARBAGE'],
    ['another request', LIMITS],
  ])('%s behind the last one of a connection is not answered', async (_, tail) => {
    const text = await sendAll(post('Connection: close\r\n') + tail, 'open');
    expect(statuses(text), text).toEqual(['200']);
    expect(await watermarks(api, topic)).toEqual([1]);
  });

  it('does not cut off a large answer', async () => {
    const value = 'x'.repeat(1_000_000);
    for (let n = 0; n < 4; n++) await produce(api, topic, [{ value }]);
    const text = await sendAll(
      `${head(`GET /v1/topics/${topic}/partitions/0/records?maxBytes=4194304`)}\r\nGARBAGE${END}`,
      'open',
    );
    expect(statuses(text)).toEqual(['200', '400']);
    expect(text.length).toBeGreaterThan(4_000_000);
    must(await api.get('/v1/limits'), 200);
  });
});
