import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../shared/contract/limits.ts';
import { createSubApp } from '../../../shared/http/sub-app.ts';
import { ask, keyFor, memoryService, wholeApp } from '../../support/memory-service.ts';

/** A produce route that says how many bytes came. */
const measuringApp = async () => {
  const service = memoryService();
  const { key } = await keyFor(wholeApp(service), 'acme');
  const app = createSubApp(service, {
    produceRecords: (request) => ({
      status: 200,
      headers: {},
      body: String(request.bytes.length),
    }),
  });
  return (body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    ask(app, 'POST', '/v1/topics/t/records', { key, body, headers });
};

const GZIP = { 'content-encoding': 'gzip' };
const zeros = (length: number) => new Uint8Array(length);

describe('readBody', () => {
  it('takes a body of the limit, and none of a byte more', async () => {
    const send = await measuringApp();
    expect(await (await send(zeros(LIMITS.requestBytes))).text()).toBe(String(LIMITS.requestBytes));
    const refused = await send(zeros(LIMITS.requestBytes + 1));
    expect([refused.status, refused.headers.get('connection')]).toEqual([413, 'close']);
  });

  it('holds the limit on both sides of the compression', async () => {
    const send = await measuringApp();
    expect(await (await send(gzipSync(zeros(LIMITS.requestBytes)), GZIP)).text()).toBe(String(LIMITS.requestBytes));
    expect((await send(gzipSync(zeros(LIMITS.requestBytes + 1)), GZIP)).status).toBe(413);
    const grown = gzipSync(zeros(LIMITS.requestBytes), { level: 0 });
    expect(grown.length).toBeGreaterThan(LIMITS.requestBytes);
    expect((await send(grown, GZIP)).status).toBe(413);
  });

  it('goes by a declared length before it reads', async () => {
    const send = await measuringApp();
    expect((await send(zeros(1), { 'content-length': String(LIMITS.requestBytes + 1) })).status).toBe(413);
  });

  it.each([
    ['cut off', gzipSync('hello').subarray(0, -4)],
    ['not gzip', Buffer.from('hello')],
    ['followed by something else', Buffer.concat([gzipSync('hello'), Buffer.from('more')])],
    ['empty', Buffer.alloc(0)],
  ])('refuses gzip that is %s', async (_, body) => {
    const send = await measuringApp();
    expect((await send(Uint8Array.from(body), GZIP)).status).toBe(400);
  });

  it.each(['br', 'gzip, gzip', 'deflate', 'nonsense'])('refuses the encoding %s', async (encoding) => {
    const send = await measuringApp();
    expect((await send(zeros(1), { 'content-encoding': encoding })).status).toBe(415);
  });
});
