import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageOfNames } from '../../../shared/adapters/memory/page-of-names.ts';
import { NAME_PATTERN } from '../../../shared/contract/ids.ts';
import { decodeListCursor, encodeListCursor } from '../../../shared/tenancy/list-cursor.ts';
import { listPage } from '../../../shared/tenancy/list-page.ts';

const names = fc.uniqueArray(fc.stringMatching(NAME_PATTERN), { maxLength: 400 });

/** From the first page to the last. */
const walk = async (all: readonly string[], limit: number, visible: (name: string) => boolean): Promise<string[]> => {
  const read = async (page: Parameters<typeof pageOfNames>[1]) => pageOfNames(all, page);
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listPage({ kind: 'topics', read, nameOf: (name) => name, visible }, { limit, cursor });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    if (page.nextCursor !== null) expect(page.items.length).toBe(limit);
    found.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
};

describe('listPage', () => {
  it('shows each visible thing once, in order, in full pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        names,
        fc.integer({ min: 1, max: 150 }),
        fc.integer({ min: 1, max: 5 }),
        async (all, limit, nth) => {
          const visible = (name: string) => name.length % nth === 0;
          expect(await walk(all, limit, visible)).toEqual(pageOfNames(all, { limit: 1000 }).filter(visible));
        },
      ),
    );
  });
});

describe('a cursor', () => {
  it('comes back as the name that it was made of', () => {
    fc.assert(
      fc.property(fc.stringMatching(NAME_PATTERN), (name) => {
        expect(decodeListCursor('keys', encodeListCursor('keys', name))).toBe(name);
      }),
    );
  });

  it('is good for its own kind of list only, and nothing else is a cursor', () => {
    const others = [
      '',
      'x',
      'AAAA',
      encodeListCursor('topics', 'a'),
      encodeListCursor('keys', ''),
      `${encodeListCursor('keys', 'a')}=`,
    ];
    for (const cursor of others) {
      expect(() => decodeListCursor('keys', cursor)).toThrow(expect.objectContaining({ code: 'invalid_cursor' }));
    }
  });
});
