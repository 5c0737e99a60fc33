import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageOfNames } from '../../../shared/adapters/memory/page-of-names.ts';
import { NAME_PATTERN, parseTenantId } from '../../../shared/contract/ids.ts';
import { decodeListCursor, encodeListCursor } from '../../../shared/tenancy/list-cursor.ts';
import { listPage } from '../../../shared/tenancy/list-page.ts';
import { check, checkAsync } from '../../support/check.ts';

const tenant = parseTenantId('acme')!;
const list = `topics of ${tenant}` as const;
const names = fc.uniqueArray(fc.stringMatching(NAME_PATTERN), { maxLength: 400 });

/** From the first page to the last. */
const walk = async (all: readonly string[], limit: number, visible: (name: string) => boolean): Promise<string[]> => {
  const read = async (page: Parameters<typeof pageOfNames>[1]) => pageOfNames(all, page);
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listPage({ list, read, nameOf: (name) => name, visible }, { limit, cursor });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    if (page.nextCursor !== null) expect(page.items.length).toBe(limit);
    found.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
};

describe('listPage', () => {
  it('shows each visible thing once, in order, in full pages', async () => {
    await checkAsync(
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
  const invalid = expect.objectContaining({ code: 'invalid_cursor' });

  it('comes back as the name that it was made of', () => {
    check(
      fc.property(fc.stringMatching(NAME_PATTERN), (name) => {
        expect(decodeListCursor(list, encodeListCursor(list, name))).toBe(name);
      }),
    );
  });

  it('is good for its own list only, and nothing else is a cursor', () => {
    const others = [
      '',
      'x',
      'AAAA',
      Buffer.from('topics:a').toString('base64url'),
      encodeListCursor(`keys of ${tenant}`, 'a'),
      encodeListCursor(`topics of ${parseTenantId('acme2')!}`, 'a'),
      encodeListCursor('tenants', 'a'),
      encodeListCursor(list, ''),
      `${encodeListCursor(list, 'a')}=`,
    ];
    for (const cursor of others) expect(() => decodeListCursor(list, cursor)).toThrow(invalid);
  });

  it('holds no name that is longer than names are: a key of LMDB would overflow', () => {
    expect(() => decodeListCursor(list, encodeListCursor(list, 'a'.repeat(129)))).toThrow(invalid);
  });
});
