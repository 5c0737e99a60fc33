import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../client/client.ts';
import { itemsOf } from '../../client/page.ts';
import { isRefused } from '../../client/produce.ts';
import { fakeFetch, json } from './fake-fetch.ts';

const KEY = 'chq_secret';
const clientOver = (fake: ReturnType<typeof fakeFetch>, url = 'http://bus.test') =>
  createClient({ url, key: KEY, fetch: fake.fetch });

describe('createClient', () => {
  it('sends the key as a bearer token to the URL, keeping its path', async () => {
    const fake = fakeFetch(json({ kind: 'tenant', tenant: 'acme', keyId: 'k', scopes: [] }));
    await expect(clientOver(fake, 'http://bus.test/api/').whoami()).resolves.toMatchObject({ tenant: 'acme' });
    expect(fake.requests[0]?.url).toBe('http://bus.test/api/v1/whoami');
    expect(fake.requests[0]?.headers.get('authorization')).toBe(`Bearer ${KEY}`);
  });

  it.each(['bus.test', 'ftp://bus.test', 'http://user:pass@bus.test', ''])('refuses %j as a URL', (url) => {
    expect(() => createClient({ url, key: KEY })).toThrow(TypeError);
  });

  it.each(['', 'two words', 'line\nbreak', 'ключ'])('refuses %j as a key, without showing it', (key) => {
    expect(() => createClient({ url: 'http://bus.test', key })).toThrow(/^The API key is empty, or has characters/);
  });

  it('gives new keys out as secrets that cannot be printed', async () => {
    const fake = fakeFetch(json({ id: 'k1', key: 'chq_new', name: 'ci', scopes: [] }, 201));
    const created = await clientOver(fake).keys('acme').create({ name: 'ci', scopes: [] });
    expect(created.key.reveal()).toBe('chq_new');
    expect(`${created.key} ${JSON.stringify(created)} ${inspect(created, { depth: 9 })}`).not.toContain('chq_new');
    expect(fake.requests[0]?.url).toBe('http://bus.test/v1/tenants/acme/keys');
  });

  it('confirms the tenant that it deletes', async () => {
    const fake = fakeFetch(new Response(null, { status: 204 }));
    await clientOver(fake).tenants.delete('acme', { cascade: true });
    expect(fake.requests[0]?.url).toBe('http://bus.test/v1/tenants/acme?confirm=acme&cascade=true');
  });

  it.each([
    [201, true],
    [200, false],
  ])('says of a PUT that answers %i whether it created: %s', async (status, created) => {
    const fake = fakeFetch(json({ name: 'orders' }, status));
    await expect(clientOver(fake).topics.put('orders')).resolves.toMatchObject({ name: 'orders', created });
  });

  it.each(['..', '.', ''])('refuses %j as a name, which a URL would swallow', async (name) => {
    const fake = fakeFetch(json({}));
    await expect(clientOver(fake).topics.delete(name)).rejects.toThrow(TypeError);
    expect(fake.requests).toEqual([]);
  });

  it('encodes what has another meaning in a URL', async () => {
    const fake = fakeFetch(json({}));
    await clientOver(fake).topics.get('a/b?c');
    expect(fake.requests[0]?.url).toBe('http://bus.test/v1/topics/a%2Fb%3Fc');
  });

  it('follows the pages of a list', async () => {
    const fake = fakeFetch(json({ data: ['a', 'b'], nextCursor: 'next' }), json({ data: ['c'], nextCursor: null }));
    const items: unknown[] = [];
    for await (const item of itemsOf((query) => clientOver(fake).topics.list(query))) items.push(item);
    expect(items).toEqual(['a', 'b', 'c']);
    expect(fake.requests[1]?.url).toBe('http://bus.test/v1/topics?limit=1000&cursor=next');
  });

  it('produces lines as they are, with the idempotency key', async () => {
    const fake = fakeFetch(
      json({ results: [{ partition: 0, offset: 7, timestamp: 1 }, { error: { code: 'unavailable' } }] }, 207),
    );
    const lines = '{"value":12345678901234567890}\n{"value": 1.0}\n';
    const answer = await clientOver(fake).produceNdjson('orders', lines, { idempotencyKey: 'once', expectedOffset: 7 });
    expect(await fake.requests[0]?.text()).toBe(lines);
    expect(fake.requests[0]?.url).toBe('http://bus.test/v1/topics/orders/records?expectedOffset=7');
    expect(fake.requests[0]?.headers.get('idempotency-key')).toBe('once');
    expect(fake.requests[0]?.headers.get('content-type')).toBe('application/x-ndjson');
    expect(answer.results.map(isRefused)).toEqual([false, true]);
  });

  it('gives fetched lines byte by byte, with the numbers from the headers', async () => {
    const line = '{"offset":7,"timestamp":1,"value":12345678901234567890}\n';
    const headers = {
      'content-type': 'application/x-ndjson',
      'chasqui-next-offset': '8',
      'chasqui-high-watermark': '9',
      'chasqui-log-start-offset': '2',
    };
    const fake = fakeFetch(new Response(line, { headers }));
    const answer = await clientOver(fake).fetchPartitionLines('orders', 3, { offset: 7, limit: 1 });
    expect(new TextDecoder().decode(answer.lines)).toBe(line);
    expect(answer).toMatchObject({ nextOffset: 8, highWatermark: 9, logStartOffset: 2 });
    expect(fake.requests[0]?.url).toBe('http://bus.test/v1/topics/orders/partitions/3/records?offset=7&limit=1');
    expect(fake.requests[0]?.headers.get('accept')).toBe('application/x-ndjson');
  });

  it('says which records were gone before the reader came', async () => {
    const skipped = [{ topic: 'orders', partition: 1, from: 3, to: 9 }];
    const headers = {
      'content-type': 'application/x-ndjson',
      'chasqui-cursor': 'next',
      'chasqui-skipped': JSON.stringify(skipped),
    };
    const fake = fakeFetch(new Response('', { headers }));
    await expect(clientOver(fake).fetchTopicLines('orders', { cursor: 'c' })).resolves.toMatchObject({
      cursor: 'next',
      skipped,
    });
  });
});
