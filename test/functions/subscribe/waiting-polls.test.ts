import { describe, expect, it } from 'vitest';
import { makeTopic, must } from '../../support/bus.ts';
import { useServer } from '../../support/use-server.ts';

/*
 * A group's poll was not told when its client had gone or the server closed: it kept its member alive for as long as it would have
 * waited, and a server that was stopped cut it off without an answer.
 */
describe('a poll of a group that waits', () => {
  const used = useServer();

  const expiryOf = async (group: string): Promise<number> => {
    const { members } = must(await used.api.get(`/v1/groups/${group}`), 200).json<{
      members: { expiresAt: string }[];
    }>();
    return Date.parse(members[0]?.expiresAt ?? '');
  };

  /** The group is there before its first member is. */
  const hasJoined = async (group: string): Promise<void> => {
    for (;;) {
      const answer = await used.api.get(`/v1/groups/${group}`);
      if (answer.status === 200 && answer.json<{ members: unknown[] }>().members.length > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it('keeps its member alive no longer when its client has gone', async () => {
    const { name: topic } = await makeTopic(used.api);
    const body = { topics: [topic], sessionTimeoutMs: 3000, waitMs: 20_000 };
    const client = new AbortController();
    const path = '/v1/groups/gone/members/m/poll';
    const waiting = used.api.send('POST', path, { json: body, signal: client.signal }).catch(() => 'cut');
    await hasJoined('gone');
    client.abort();
    expect(await waiting).toBe('cut');
    const cutAt = Date.now();
    let last = await expiryOf('gone');
    // It is two thirds of the session away when the server has heard of it.
    while (last > cutAt + 2500) last = await expiryOf('gone');
    expect(last).toBeGreaterThanOrEqual(cutAt + 1900);
    // A third of the session is when the next heartbeat would have been due.
    await new Promise((resolve) => setTimeout(resolve, 1600));
    expect(await expiryOf('gone')).toBe(last);
  });

  it('is answered with what there is when the server closes', async () => {
    const { name: topic } = await makeTopic(used.api);
    const poll = used.api.post('/v1/groups/closing/members/m/poll', { topics: [topic], waitMs: 20_000 });
    await hasJoined('closing');
    await used.server.stop();
    expect(must(await poll, 200).json()).toMatchObject({ assignment: [{ topic, partition: 0 }], records: [] });
  });
});
