import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../../../shared/lib/base64.ts';
import { check } from '../../support/check.ts';

describe('decodeBase64', () => {
  it('gives back any bytes', () => {
    check(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it.each([
    'AA',
    'AA=',
    'AA===',
    'AAA',
    'A',
    '=',
    'AB==',
    'AAB=',
    '-_8=',
    'A A=',
    'AAAA\n',
    ' AAAA',
    'AA==AA==',
    'é',
    '%%%%',
  ])('refuses %j', (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});
