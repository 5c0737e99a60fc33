import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync(new URL('docs/', root)).map((name) => `docs/${name}`)];
const PATH = /(?<![\w/.])((?:shared|functions|client|cli|test|bench|scripts|docs)\/[\w./-]*\w)/g;

describe('the pages', () => {
  it.each(pages.filter((page) => page.endsWith('.md')))('%s names only files and folders that exist', (page) => {
    const text = readFileSync(new URL(page, root), 'utf8');
    const missing = [...text.matchAll(PATH)]
      .map(([, path = '']) => path)
      .filter((path) => !existsSync(new URL(path, root)));
    expect(missing).toEqual([]);
  });
});
