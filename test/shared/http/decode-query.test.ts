import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeQuery } from '../../../shared/http/decode-query.ts';
import { check } from '../../support/check.ts';

describe('decodeQuery', () => {
  it('reads what a browser writes', () => {
    check(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme' })),
        (given) => {
          expect({ ...decodeQuery(new URLSearchParams(Object.entries(given)).toString()) }).toEqual({ ...given });
        },
      ),
    );
  });

  it('takes a parameter without a value, and passes over empty ones', () => {
    expect({ ...decodeQuery('a&b=&&c=1=2') }).toEqual({ a: '', b: '', c: '1=2' });
  });

  it('takes a plus for a blank, and an encoded one for itself', () => {
    expect({ ...decodeQuery('key=a+b%2Bc') }).toEqual({ key: 'a b+c' });
  });

  it.each(['a=1&a=2', 'a=1&%61=2', 'a=%', 'a=%ff', 'a=%c3', 'a=\u00e9', '__proto__=1&__proto__=2'])(
    'refuses %s',
    (raw) => {
      expect(() => decodeQuery(raw)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    },
  );
});
