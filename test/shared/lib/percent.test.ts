import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePercent } from '../../../shared/lib/percent.ts';
import { check } from '../../support/check.ts';

describe('decodePercent', () => {
  it('undoes encodeURIComponent', () => {
    check(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodePercent(Buffer.from(encodeURIComponent(text)))?.toString()).toBe(text);
      }),
    );
  });

  it('decodes once and leaves everything else alone', () => {
    expect(decodePercent(Buffer.from('%2541+ %e2%82%AC'))?.toString()).toBe('%41+ €');
  });

  it.each(['%', '%4', '%4g', 'a%', '%%41', '% 1', '%+1'])('refuses %s', (text) => {
    expect(decodePercent(Buffer.from(text))).toBeUndefined();
  });
});
