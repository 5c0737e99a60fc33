import { EventSource } from 'eventsource';
import { describe, expect, it } from 'vitest';
import { makeTopic, must, produce } from '../../support/bus.ts';
import { EventReader } from '../../support/events.ts';
import { Http } from '../../support/http.ts';
import { useServer } from '../../support/use-server.ts';

describe("a browser's own EventSource", () => {
  const used = useServer();

  const ticketFor = async (topic: string): Promise<string> =>
    must(await used.api.post('/v1/tickets', { topic }), 201).json<{ ticket: string }>().ticket;

  it('opens by a ticket and reads what comes, each record with the cursor behind it', async () => {
    const { name: topic } = await makeTopic(used.api);
    await produce(used.api, topic, [{ value: 'first' }]);
    const url = `${used.server.baseUrl}/v1/topics/${topic}/stream?from=earliest&ticket=${await ticketFor(topic)}`;
    const source = new EventSource(url);
    const read: unknown[] = [];
    const done = new Promise<void>((resolve) => {
      source.addEventListener('record', ({ data, lastEventId }) => {
        expect(lastEventId).not.toBe('');
        read.push((JSON.parse(String(data)) as { value: unknown }).value);
        if (read.length === 2) resolve();
      });
    });
    source.addEventListener('open', () => void produce(used.api, topic, [{ value: 'second' }]));
    await done;
    source.close();
    expect(read).toEqual(['first', 'second']);
  });

  it('gets nothing twice and misses nothing when the server goes and comes back', async () => {
    const { name: topic } = await makeTopic(used.api);
    await produce(used.api, topic, [{ value: 1 }]);
    const headers = { authorization: `Bearer ${used.server.devKey}` };
    const stream = await EventReader.open(`${used.server.baseUrl}/v1/topics/${topic}/stream?from=earliest`, headers);
    await stream.until(() => stream.records.length === 1);
    // It throws unless the server ends well and in time.
    await used.server.stop();
    await stream.until(() => stream.ended);
    expect(stream.events.at(-1)).toMatchObject({ event: 'reconnect', id: stream.records[0]?.id });
    await used.server.restart();
    const anew = new Http(used.server.baseUrl);
    await produce(anew.as(used.server.devKey), topic, [{ value: 2 }]);
    anew.close();
    const resumed = await EventReader.open(`${used.server.baseUrl}/v1/topics/${topic}/stream`, {
      ...headers,
      'last-event-id': stream.events.at(-1)?.id ?? '',
    });
    await resumed.until(() => resumed.records.length === 1);
    expect(resumed.records.map(({ value }) => value)).toEqual([2]);
    resumed.close();
  });
});
