import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchFrom, makeTopic, must, produce, watermarks } from '../support/bus.ts';
import { type Caller, Http } from '../support/http.ts';
import { exchange, type RawAnswer, RawConnection } from '../support/raw-http.ts';
import { ServerProcess } from '../support/server-process.ts';
import type { Problem } from '../support/shapes.ts';

const TOPIC = 'victim';
const END = '\r\n\r\n';
const MALFORMED: readonly [number, string][] = [[400, 'invalid_request']];

let server: ServerProcess;
let http: Http;
let api: Caller;

const line = (request: string): string =>
  `${request} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${server.devKey}`;
const post = (headers: string): string =>
  `${line(`POST /v1/topics/${TOPIC}/records`)}\r\nContent-Type: application/json\r\n${headers}`;

const expectRefusal = (answer: RawAnswer, expected: readonly (readonly [number, string])[]): void => {
  const shown = answer.text.slice(0, 600);
  expect(
    expected.map(([status]) => status),
    shown,
  ).toContain(answer.status);
  expect(answer.head, shown).toMatch(/\r\ncontent-type: application\/problem\+json/i);
  const body = JSON.parse(/\{.*\}/s.exec(answer.body)?.[0] ?? '') as Problem;
  expect(expected.map(([status, code]) => `${status} ${code}`)).toContain(`${answer.status} ${body.code}`);
  expect(body).toMatchObject({
    status: answer.status,
    sideEffects: 'none',
    type: `https://chasqui.dev/errors#${body.code}`,
  });
  expect(answer.head).toMatch(/\r\nchasqui-request-id: \S+/i);
};

beforeAll(async () => {
  server = await ServerProcess.start();
  http = new Http(server.baseUrl);
  api = http.as(server.devKey);
  await makeTopic(api, {}, TOPIC);
  await produce(api, TOPIC, [{ value: 'first' }]);
});

afterAll(async () => {
  http.close();
  await server.cleanup();
});

describe('what is hardly HTTP', () => {
  const rows: [string, () => string, readonly (readonly [number, string])[]][] = [
    ['nonsense', () => `GARBAGE${END}`, MALFORMED],
    ['a request line without a version', () => `GET /v1/topics${END}`, MALFORMED],
    ['a version that does not exist', () => `GET /v1/topics HTTP/9.9\r\nHost: x${END}`, MALFORMED],
    ['a TLS greeting', () => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003', MALFORMED],
    ['a method that does not exist', () => line('FETCH /v1/topics') + END, [...MALFORMED, [405, 'method_not_allowed']]],
    ['a method in small letters', () => line('get /v1/topics') + END, [...MALFORMED, [405, 'method_not_allowed']]],
    ['TRACE', () => line('TRACE /v1/topics') + END, [[405, 'method_not_allowed']]],
    ['CONNECT, as to a proxy', () => line('CONNECT example.com:443') + END, MALFORMED],
    ['CONNECT with a path', () => line('CONNECT /v1/topics') + END, MALFORMED],
    ['PROPFIND', () => line('PROPFIND /v1/topics') + END, [[405, 'method_not_allowed']]],
    ['a space in the path', () => line('GET /v1/top ics') + END, MALFORMED],
    ['a path without a slash', () => line('GET v1/topics') + END, [...MALFORMED, [404, 'not_found']]],
    ['an asterisk for a path', () => line('GET *') + END, [...MALFORMED, [404, 'not_found']]],
    ['a header without a colon', () => `${line('GET /v1/topics')}\r\nnonsense${END}`, MALFORMED],
    ['a header name with a blank', () => `${line('GET /v1/topics')}\r\nbad name: x${END}`, MALFORMED],
    ['a header without a name', () => `${line('GET /v1/topics')}\r\n: x${END}`, MALFORMED],
    ['a NUL in a header', () => `${line('GET /v1/topics')}\r\nX-A: a\u0000b${END}`, MALFORMED],
    ['no host', () => `GET /v1/topics HTTP/1.1\r\nAuthorization: Bearer ${server.devKey}${END}`, MALFORMED],
    ['two hosts', () => `${line('GET /v1/topics')}\r\nHost: elsewhere${END}`, MALFORMED],
    [
      'two keys, the good one first',
      () => `${line('GET /v1/topics')}\r\nAuthorization: Bearer another${END}`,
      [[401, 'unauthenticated']],
    ],
    [
      'two content types',
      () => post(`Content-Type: text/plain\r\nContent-Length: 2${END}{}`),
      [[415, 'unsupported_media_type']],
    ],
    ['a length that is no number', () => post(`Content-Length: ten${END}{}`), MALFORMED],
    ['a negative length', () => post(`Content-Length: -5${END}{}`), MALFORMED],
    ['two lengths', () => post(`Content-Length: 2\r\nContent-Length: 3${END}{} `), MALFORMED],
    [
      'a length beside chunks',
      () => post(`Content-Length: 5\r\nTransfer-Encoding: chunked${END}0${END}GET /v1/`),
      MALFORMED,
    ],
    ['a chunk size that is no number', () => post(`Transfer-Encoding: chunked${END}xyz\r\n{}\r\n0${END}`), MALFORMED],
    ['a chunk longer than it says', () => post(`Transfer-Encoding: chunked${END}1\r\n{}\r\n0${END}`), MALFORMED],
    ['an unknown transfer encoding', () => post(`Transfer-Encoding: cunked${END}{}`), MALFORMED],
    [
      'chunks of what was packed',
      () => post(`Transfer-Encoding: gzip, chunked${END}1b\r\n{"records":[{"value":"x"}]}\r\n0${END}`),
      [[415, 'unsupported_media_type']],
    ],
    [
      'a header of 20 KB',
      () => `${line('GET /v1/topics')}\r\nX-Long: ${'x'.repeat(20_000)}${END}`,
      [[431, 'headers_too_large']],
    ],
    [
      'a thousand headers',
      () => `${line('GET /v1/topics')}\r\n${'X-H: 0123456789\r\n'.repeat(2000)}\r\n`,
      [[431, 'headers_too_large']],
    ],
    ['a URI of 9 KB', () => line(`GET /v1/topics?prefix=${'x'.repeat(9000)}`) + END, [[414, 'uri_too_long']]],
    [
      'a URI of 100 KB',
      () => line(`GET /v1/topics?prefix=${'x'.repeat(100_000)}`) + END,
      [
        [414, 'uri_too_long'],
        [431, 'headers_too_large'],
      ],
    ],
    [
      'a body of 5 GB, announced',
      () => post(`Content-Length: 5368709120${END}{"records":[`),
      [[413, 'payload_too_large']],
    ],
    [
      'a body beyond all numbers',
      () => post(`Content-Length: 99999999999999999999${END}{`),
      [...MALFORMED, [413, 'payload_too_large']],
    ],
    [
      'an expectation that nobody has',
      () => post(`Expect: the-unexpected\r\nContent-Length: 2${END}{}`),
      [...MALFORMED, [417, 'invalid_request']],
    ],
  ];

  it.each(rows)('%s', async (_, bytes, expected) => {
    const answer = await exchange(server.baseUrl, Buffer.from(bytes(), 'latin1'));
    expectRefusal(answer, expected);
    expect(await watermarks(api, TOPIC)).toEqual([1]);
  });

  it('a tunnel is not opened', async () => {
    const answer = await exchange(
      server.baseUrl,
      `CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443${END}`,
      2000,
    );
    expect(answer.closed || answer.status >= 400).toBe(true);
    must(await api.get('/v1/topics'), 200);
  });
});

describe('bodies that do not end', () => {
  it('chunks without end are cut off at the limit', async () => {
    const connection = await RawConnection.open(server.baseUrl);
    await connection.write(post(`Transfer-Encoding: chunked${END}`));
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    let sent = 0;
    while (!connection.closed && connection.received === '' && sent < 200_000_000) {
      await connection.write(chunk);
      sent += 65_536;
    }
    expectRefusal(await connection.read(), [[413, 'payload_too_large']]);
    expect(sent).toBeLessThan(64_000_000);
    // Whoever goes on sending must not be listened to for ever.
    for (let turn = 0; turn < 4000 && !connection.closed; turn += 1) await connection.write(chunk);
    expect(connection.closed).toBe(true);
    expect(await watermarks(api, TOPIC)).toEqual([1]);
  });

  it.each(['Transfer-Encoding: chunked', 'Content-Length: 5368709120'])(
    'what nobody has asked for is not taken for long: %s',
    async (length) => {
      const connection = await RawConnection.open(server.baseUrl);
      await connection.write(`POST /v1/nowhere HTTP/1.1\r\nHost: x\r\n${length}${END}`);
      const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
      let sent = 0;
      while (!connection.closed && sent < 200_000_000) {
        await connection.write(chunk);
        sent += chunk.length;
      }
      expectRefusal(await connection.read(), [[401, 'unauthenticated']]);
      expect(sent).toBeLessThan(64_000_000);
    },
  );

  it('slow bodies and slow headers do not hold up anybody else', async () => {
    const slow = await Promise.all(Array.from({ length: 60 }, () => RawConnection.open(server.baseUrl)));
    await Promise.all(
      slow.map((one, index) => one.write(index % 2 === 0 ? post(`Content-Length: 1000${END}{"rec`) : 'GET /v1/to')),
    );
    const since = performance.now();
    for (let turn = 0; turn < 20; turn += 1) {
      must(await api.get('/v1/topics'), 200);
      for (const one of slow) if (!one.closed) await one.write(' ');
    }
    expect(performance.now() - since).toBeLessThan(3000);
    for (const one of slow) one.destroy();
    expect(await watermarks(api, TOPIC)).toEqual([1]);
  });

  it('a client that goes away in the middle has stored nothing', async () => {
    const body = '{"records":[{"value":"never finished"}]}';
    for (const head of [`Content-Length: ${body.length + 1}`, 'Transfer-Encoding: chunked']) {
      const connection = await RawConnection.open(server.baseUrl);
      await connection.write(
        post(`${head}${END}${head.startsWith('T') ? `${body.length.toString(16)}\r\n${body}\r\n` : body}`),
      );
      connection.destroy();
    }
    await fetchFrom(api, TOPIC);
    expect(await watermarks(api, TOPIC)).toEqual([1]);
  });
});

describe('odd but right HTTP', () => {
  it('answers requests that follow each other on one connection in their order', async () => {
    const connection = await RawConnection.open(server.baseUrl);
    await connection.write(
      line('GET /v1/topics/nobody') + END + line('GET /v1/limits') + END + line('GET /v1/nowhere') + END,
    );
    const { text } = await connection.read(
      5000,
      (all) => (all.match(/HTTP\/1\.1 \d/g) ?? []).length === 3 && all.endsWith('}'),
    );
    connection.destroy();
    expect([...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)).toEqual(['404', '200', '404']);
  });

  it('stores what follows each other on one connection in that order, though every second one has to be unpacked', async () => {
    const { name } = await makeTopic(api);
    const connection = await RawConnection.open(server.baseUrl);
    const requests = Array.from({ length: 24 }, (_, value) => {
      const json = JSON.stringify({ records: [{ value }] });
      const [body, encoding] = value % 2 === 0 ? [gzipSync(json), 'gzip'] : [Buffer.from(json), 'identity'];
      const head = `${line(`POST /v1/topics/${name}/records`)}\r\nContent-Type: application/json\r\nContent-Encoding: ${encoding}`;
      return Buffer.concat([Buffer.from(`${head}\r\nContent-Length: ${body.length}${END}`), body]);
    });
    await connection.write(Buffer.concat(requests));
    const { text } = await connection.read(5000, (all) => (all.match(/HTTP\/1\.1 \d/g) ?? []).length === 24);
    connection.destroy();
    const offsets = [...text.matchAll(/"offset":(\d+)/g)].map(([, offset]) => Number(offset));
    expect(offsets).toEqual([...Array(24).keys()]);
    expect((await fetchFrom(api, name)).records.map(({ value }) => value)).toEqual([...Array(24).keys()]);
  });

  it('answers a client that has closed its side behind the request', async () => {
    const { name } = await makeTopic(api);
    const body = '{"records":[{"value":"last"}]}';
    const head = `${line(`POST /v1/topics/${name}/records`)}\r\nContent-Type: application/json`;
    const connection = await RawConnection.open(server.baseUrl);
    await connection.write(`${head}\r\nContent-Length: ${body.length}${END}${body}`);
    connection.finish();
    const answer = await connection.read(5000, () => false);
    expect(answer).toMatchObject({ status: 200, closed: true });
    expect(await watermarks(api, name)).toEqual([1]);
  });

  it('does not go on waiting for a client that has closed its side', async () => {
    const connection = await RawConnection.open(server.baseUrl);
    await connection.write(line(`GET /v1/topics/${TOPIC}/partitions/0/records?from=latest&waitMs=20000`) + END);
    connection.finish();
    const since = performance.now();
    expect(await connection.read(10_000, () => false)).toMatchObject({ status: 200, closed: true });
    expect(performance.now() - since).toBeLessThan(5000);
  });

  it('says that a large body may come, to whoever asks before sending it', async () => {
    const connection = await RawConnection.open(server.baseUrl);
    await connection.write(post(`Expect: 100-continue\r\nContent-Length: 2${END}`));
    const { text } = await connection.read(3000, (all) => all.includes(END));
    expect(text).toMatch(/^HTTP\/1\.1 100/);
    await connection.write('{}');
    const answer = await connection.read(3000, (all) => all.includes('}'));
    connection.destroy();
    expect(answer.text).toContain('HTTP/1.1 400');
  });

  // To a client of HTTP/1.0 it would be the answer itself.
  it('does not say so to HTTP/1.0', async () => {
    const connection = await RawConnection.open(server.baseUrl);
    const expecting = post(`Expect: 100-continue\r\nContent-Length: 2${END}`).replace('HTTP/1.1', 'HTTP/1.0');
    await connection.write(expecting);
    await connection.write('{');
    await sleep(100);
    await connection.write('}');
    expect(await connection.read(3000, () => false)).toMatchObject({ status: 400, closed: true });
  });

  it('takes an address with a host, and HTTP/1.0', async () => {
    const absolute = await exchange(server.baseUrl, line(`GET ${server.baseUrl}/v1/topics`) + END);
    expect([200, 400, 404]).toContain(absolute.status);
    const old = await exchange(server.baseUrl, `GET /healthz HTTP/1.0${END}`);
    expect(old.status).toBe(200);
  });

  // Node leaves out what comes behind the thousandth header: a key, and no less an `Idempotency-Key`.
  it('reads every header of three thousand', async () => {
    const headers = `${'a:b\r\n'.repeat(3000)}Authorization: Bearer ${server.devKey}`;
    const answer = await exchange(server.baseUrl, `GET /v1/topics HTTP/1.1\r\nHost: x\r\n${headers}${END}`);
    expect(answer.status).toBe(200);
  });

  it('answers HEAD without a body', async () => {
    const connection = await RawConnection.open(server.baseUrl);
    await connection.write(line('HEAD /v1/topics') + END);
    const answer = await connection.read(1000, (all) => all.includes(END));
    expect([200, 405]).toContain(answer.status);
    expect(answer.body).toBe('');
    connection.destroy();
  });

  it('does not keep an early refusal from being read while the client still sends', async () => {
    const huge = Buffer.alloc(40_000_000, 0x20);
    const call = { body: huge, headers: { 'content-type': 'application/json' } };
    const answers = await Promise.allSettled(
      [1, 2, 3].map(() => api.send('POST', `/v1/topics/${TOPIC}/records`, call)),
    );
    for (const answer of answers) expect(answer.status === 'fulfilled' ? answer.value.status : 413).toBe(413);
    expect(await watermarks(api, TOPIC)).toEqual([1]);
  });
});
