import { expect, it } from 'vitest';
import { fetchTopic, makeKey, must, produce } from '../support/bus.ts';
import { EventReader } from '../support/events.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Chapter } from './bus-under-test.ts';

/** Contract section 5: server-sent events, and tickets. A deployment whose front door buffers answers a part and a reconnect. */
export const stream: Chapter = (bus) => {
  const open = (path: string, headers: Readonly<Record<string, string>> = {}, key: string | null = bus.key) =>
    EventReader.open(bus.target.baseUrl + path, {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    });

  /** Reads so many records, reconnecting where the stream ends, as a browser does. */
  const read = async (path: string, count: number): Promise<{ readonly id: string; readonly value: unknown }[]> => {
    const all: { readonly id: string; readonly value: unknown }[] = [];
    for (let last: string | undefined; all.length < count; last = all.at(-1)?.id ?? last) {
      const reader = await open(path, last === undefined ? {} : { 'last-event-id': last });
      await reader.until(() => all.length + reader.records.length >= count);
      all.push(...reader.records.map(({ id = '', value }) => ({ id, value })));
      reader.close();
    }
    return all;
  };

  const ticketFor = async (topic: string, fields: object = {}): Promise<string> =>
    must(await bus.api.post('/v1/tickets', { topic, ...fields }), 201).json<{ ticket: string }>().ticket;

  it('gives records as events, those that are there and those that come', async () => {
    const topic = await bus.topic();
    await produce(bus.api, topic, [{ value: 'a' }, { value: { b: [1, 2] } }]);
    const reader = await open(`/v1/topics/${topic}/stream?from=earliest`);
    expect(reader.status).toBe(200);
    expect(reader.headers['content-type']).toBe('text/event-stream');
    await reader.until(() => reader.records.length >= 2);
    expect(reader.records.map(({ value }) => value)).toEqual(['a', { b: [1, 2] }]);
    await produce(bus.api, topic, [{ value: 'c' }]);
    await reader.until(() => reader.records.length >= 3);
    const later = await read(`/v1/topics/${topic}/stream?cursor=${reader.records[1]?.id}`, 1);
    expect(later.map(({ value }) => value)).toEqual(['c']);
    reader.close();
  });

  it('goes on behind any event, by its id', async () => {
    const topic = await bus.topic(3);
    const values = Array.from({ length: 9 }, (_, at) => at);
    await produce(
      bus.api,
      topic,
      values.map((value) => ({ value, partition: value % 3 })),
    );
    const all = await read(`/v1/topics/${topic}/stream?from=earliest`, 9);
    for (const [at, { id }] of all.entries()) {
      if (at === 8) break;
      const rest = await read(`/v1/topics/${topic}/stream?cursor=${id}`, 8 - at);
      expect(new Set([...all.slice(0, at + 1), ...rest].map(({ value }) => value))).toEqual(new Set(values));
    }
  });

  it('lets Last-Event-ID win over what the URL says', async () => {
    const topic = await bus.topic();
    await produce(bus.api, topic, [{ value: 1 }, { value: 2 }]);
    const [first] = await read(`/v1/topics/${topic}/stream?from=earliest`, 1);
    const reader = await open(`/v1/topics/${topic}/stream?from=earliest`, { 'last-event-id': first?.id ?? '' });
    await reader.until(() => reader.records.length > 0);
    expect(reader.records[0]?.value).toBe(2);
    reader.close();
  });

  it('begins at the end unless told otherwise', async (context) => {
    if (bus.lacks('streaming')) context.skip('this front door answers when it has everything');
    const topic = await bus.topic();
    await produce(bus.api, topic, [{ value: 'old' }]);
    const reader = await open(`/v1/topics/${topic}/stream`);
    await produce(bus.api, topic, [{ value: 'new' }]);
    await reader.until(() => reader.records.length > 0);
    expect(reader.records).toMatchObject([{ value: 'new' }]);
    reader.close();
  });

  it('reads one partition if asked to, from a cursor of a fetch as well', async () => {
    const topic = await bus.topic(2);
    await produce(bus.api, topic, [{ value: 'old', partition: 1 }]);
    const { cursor } = await fetchTopic(bus.api, topic, '?from=latest');
    await produce(bus.api, topic, [
      { value: 'other', partition: 0 },
      { value: 'new', partition: 1 },
    ]);
    const reader = await open(`/v1/topics/${topic}/stream?partition=1&cursor=${cursor}`);
    await reader.until(() => reader.records.length > 0);
    expect(reader.records).toMatchObject([{ value: 'new', partition: 1 }]);
    reader.close();
  });

  it('refuses what it cannot begin with', async () => {
    const topic = await bus.topic(2);
    const get = (query: string, headers = {}) => bus.api.get(`/v1/topics/${topic}/stream${query}`, headers);
    expectProblem(await get('?cursor=AAAA'), 400, 'invalid_cursor');
    expectProblem(await get('', { 'last-event-id': 'AAAA' }), 400, 'invalid_cursor');
    expectProblem(await get('?cursor=AAAA&from=latest'), 400, 'invalid_request');
    expectProblem(await get('?partition=2'), 400, 'invalid_request');
    expectProblem(await get('?limit=5'), 400, 'invalid_request');
    expectProblem(await get('', { accept: 'application/json' }), 406, 'not_acceptable');
    expectProblem(await bus.api.get('/v1/topics/none/stream'), 404, 'topic_not_found');
  });

  it('begins at a time', async () => {
    const topic = await bus.topic();
    const values = [1, 2, 3].map((value) => ({ value, timestamp: 1_700_000_000_000 + value }));
    await produce(bus.api, topic, values);
    const late = await read(`/v1/topics/${topic}/stream?from=1700000000002`, 2);
    expect(late.map(({ value }) => value)).toEqual([2, 3]);
  });

  it('refuses the cursor of another topic, and of one that had its name', async () => {
    const [topic, other] = [await bus.topic(), await bus.topic()];
    const { cursor } = await fetchTopic(bus.api, topic);
    expectProblem(await bus.api.get(`/v1/topics/${other}/stream?cursor=${cursor}`), 400, 'invalid_cursor');
    const stranger = await bus.stranger();
    must(await stranger.put(`/v1/topics/${topic}`), 201);
    expectProblem(await stranger.get(`/v1/topics/${topic}/stream?cursor=${cursor}`), 400, 'invalid_cursor');
    must(await bus.api.delete(`/v1/topics/${topic}`), 204);
    must(await bus.api.put(`/v1/topics/${topic}`), 201);
    const again = () => bus.api.get(`/v1/topics/${topic}/stream`, { 'last-event-id': cursor });
    const until = Date.now() + 5000;
    let answer = await again();
    while (answer.status !== 400 && Date.now() < until) answer = await again();
    expectProblem(answer, 400, 'invalid_cursor');
  });

  it('opens by no ticket that was changed by a letter, or whose parts are of two', async () => {
    const [topic, other] = [await bus.topic(), await bus.topic()];
    const [ticket, second] = [await ticketFor(topic), await ticketFor(other)];
    const [what = '', proof = ''] = ticket.split('.');
    const [otherWhat = '', otherProof = ''] = second.split('.');
    const turned = (text: string, at: number) =>
      text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
    const forged = [
      turned(ticket, 10),
      turned(ticket, what.length + 5),
      `${what}.${otherProof}`,
      `${otherWhat}.${proof}`,
    ];
    for (const wrong of [...forged, what, ticket.toUpperCase(), `${ticket}A`, ''])
      expectProblem(await bus.anonymous.get(`/v1/topics/${topic}/stream?ticket=${wrong}`), 401, 'unauthenticated');
    must(await bus.anonymous.send('HEAD', `/v1/topics/${topic}/stream?ticket=${ticket}`), 200);
  });

  it('opens by a ticket, as often as asked, for its topic alone', async () => {
    const [topic, other] = [await bus.topic(), await bus.topic()];
    await produce(bus.api, topic, [{ value: 'a' }]);
    const ticket = await ticketFor(topic);
    for (const _ of [1, 2]) {
      const reader = await open(`/v1/topics/${topic}/stream?from=earliest&ticket=${ticket}`, {}, null);
      await reader.until(() => reader.records.length > 0);
      expect(reader.records[0]?.value).toBe('a');
      reader.close();
    }
    expectProblem(await bus.anonymous.get(`/v1/topics/${other}/stream?ticket=${ticket}`), 403, 'forbidden');
    expectProblem(await bus.anonymous.get(`/v1/topics/${topic}/records?ticket=${ticket}`), 401, 'unauthenticated');
    expectProblem(await bus.anonymous.get(`/v1/topics/${topic}/stream`), 401, 'unauthenticated');
    expectProblem(await bus.anonymous.get(`/v1/topics/${topic}/stream?ticket=nonsense`), 401, 'unauthenticated');
    expectProblem(await bus.api.get(`/v1/topics/${topic}/stream?ticket=${ticket}`), 400, 'invalid_request');
  });

  it('gives tickets of a minute at most, for topics that the key may read', async () => {
    const topic = await bus.topic();
    const answer = must(await bus.api.post('/v1/tickets', { topic }), 201);
    const { expiresAt } = answer.json<{ expiresAt: string }>();
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - 60_000)).toBeLessThan(5000);
    for (const body of [{}, { topic: '' }, { topic, expiresInMs: 60_001 }, { topic, expiresInMs: 0 }, { topic, x: 1 }])
      expectProblem(await bus.api.post('/v1/tickets', body), 400, 'invalid_request');
    const narrow = await bus.callerWith([{ actions: ['fetch'], topics: ['elsewhere'] }]);
    expectProblem(await narrow.post('/v1/tickets', { topic }), 403, 'forbidden');
    const producer = await bus.callerWith([{ actions: ['produce'], topics: ['*'] }]);
    expectProblem(await producer.post('/v1/tickets', { topic }), 403, 'forbidden');
  });

  it('ends with the ticket, and with the key', async () => {
    const topic = await bus.topic();
    const short = await ticketFor(topic, { expiresInMs: 1 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expectProblem(await bus.anonymous.get(`/v1/topics/${topic}/stream?ticket=${short}`), 401, 'unauthenticated');
    const key = await makeKey(bus.operator, bus.tenant);
    const mine = bus.http.as(key.key);
    const { ticket } = must(await mine.post('/v1/tickets', { topic }), 201).json<{ ticket: string }>();
    must(await bus.operator.delete(`/v1/tenants/${bus.tenant}/keys/${key.id}`), 204);
    expectProblem(await bus.anonymous.get(`/v1/topics/${topic}/stream?ticket=${ticket}`), 401, 'unauthenticated');
  });
};
