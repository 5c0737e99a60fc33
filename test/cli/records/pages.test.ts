import { afterEach, expect, it, vi } from 'vitest';
import { topicPages } from '../../../cli/records/pages.ts';
import type { Client } from '../../../client/client.ts';

const SKIPPED = [{ topic: 't', partition: 0, from: 0, to: 2 }];

afterEach(() => vi.restoreAllMocks());

it('reads on behind a page that says of skipped records and has none', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const line = Buffer.from('{"offset":2}\n');
  const answers = [
    { lines: Buffer.alloc(0), cursor: 'a', skipped: SKIPPED },
    { lines: line, cursor: 'b', skipped: [] },
    { lines: Buffer.alloc(0), cursor: 'b', skipped: [] },
  ];
  const asked: unknown[] = [];
  const fetchTopicLines = (_topic: string, { cursor }: { readonly cursor?: string }) => {
    asked.push(cursor);
    return Promise.resolve(answers.shift());
  };
  const pages: Uint8Array[] = [];
  const client = { fetchTopicLines } as unknown as Client;
  for await (const page of topicPages(client, 't', { cursor: 'start' }, { limit: 100 })) pages.push(page);
  expect(pages).toEqual([line]);
  expect(asked).toEqual(['start', 'a', 'b']);
});
