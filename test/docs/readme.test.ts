import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { firstBanner } from '../../functions/local/banner.ts';

const root = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');

describe('README.md', () => {
  it('shows the three curl lines that the server prints', () => {
    const banner = firstBanner('http://127.0.0.1:4000', { operatorKey: undefined, devKey: 'chq_…' });
    const curls = banner.split('\n').filter((line) => line.startsWith('curl '));
    expect(curls).toHaveLength(3);
    expect(readme).toContain(curls.join('\n'));
  });

  it('names only scripts that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
    const pages = ['README.md', 'CONTRIBUTING.md', 'docs/performance.md'].map((path) =>
      readFileSync(new URL(path, root), 'utf8'),
    );
    const named = pages.join('\n').matchAll(/npm (?:run (?:--silent )?)?([a-z][a-z0-9:-]*)/g);
    // `npm ci` is npm's own.
    for (const [, script = ''] of named) expect(['ci', ...Object.keys(scripts)]).toContain(script);
  });

  it('links only to files that exist', () => {
    for (const [, path = ''] of readme.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      expect(() => readFileSync(new URL(path, root)), path).not.toThrow();
    }
  });
});
