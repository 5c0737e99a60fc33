import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorsPage } from '../../../scripts/docs/errors-page.ts';
import { ERRORS } from '../../../shared/contract/errors.ts';

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');

describe('docs/errors.md', () => {
  it('is what npm run docs writes', () => {
    expect(page).toBe(errorsPage());
  });

  it('has exactly one heading for every code, since problem types point there', () => {
    const headings = [...page.matchAll(/^## (.*)$/gm)].map((match) => match[1]);
    expect(headings.sort()).toEqual(Object.keys(ERRORS).sort());
  });
});
