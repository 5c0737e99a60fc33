import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readToken, writeToken } from '../../../shared/lib/checked-token.ts';
import { check } from '../../support/check.ts';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 80 });

describe('a checked token', () => {
  it('gives back its bytes under its own context, and under no other', () => {
    check(
      fc.property(bytes, fc.string(), (body, context) => {
        const token = writeToken(body, context);
        expect(readToken(token, context)).toEqual(Buffer.from(body));
        expect(readToken(token, `${context}/`)).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it('is none when one letter differs, is missing or is too many', () => {
    const token = writeToken(Buffer.from('a cursor'));
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === 'A' ? 'B' : 'A';
      expect(readToken(token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined();
      expect(readToken(token.slice(0, at))).toBeUndefined();
    }
    for (const odd of [`${token}=`, `${token}A`, ` ${token}`, '', 'AAAAAA']) expect(readToken(odd)).toBeUndefined();
  });
});
