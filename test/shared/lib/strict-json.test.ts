import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScanError } from '../../../shared/lib/scan-error.ts';
import { AmbiguousJsonError, parseStrictJson } from '../../../shared/lib/strict-json.ts';
import { check } from '../../support/check.ts';

const parse = (text: string, depth = 64): unknown => parseStrictJson(Buffer.from(text), depth);
/** Without the difference between an object with and one without a prototype. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** `__proto__` is a name that is refused. */
const jsonValue = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__'));

describe('parseStrictJson', () => {
  it('reads whatever JSON.stringify writes', () => {
    check(
      fc.property(jsonValue, fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(plain(parse(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses what JSON.parse refuses', () => {
    check(
      fc.property(jsonValue, fc.nat(), fc.string({ unit: 'binary-ascii', maxLength: 2 }), (value, at, noise) => {
        const text = JSON.stringify(value);
        const broken = text.slice(0, at % (text.length + 1)) + noise + text.slice((at % (text.length + 1)) + 1);
        let valid = true;
        try {
          JSON.parse(broken);
        } catch {
          valid = false;
        }
        if (valid) return;
        expect(() => parse(broken)).toThrow(ScanError);
      }),
    );
  });

  it.each([
    ['{"a": 1, "a": 1}', 'a'],
    ['{"a": 1, "\\u0061": 1}', 'a'],
    ['{"a": [0, {"b": {"c": 1, "c": 2}}]}', 'a[1].b.c'],
    ['{"__proto__": 1}', '__proto__'],
    ['{"headers": {"A": "b", "\\u005f_proto__": "x"}}', 'headers.__proto__'],
    ['{"a": "\\ud800"}', 'a'],
    ['{"\\udc00": 1}', ''],
    ['["x", "\\ud83d x"]', '[1]'],
  ])('refuses %s, which two readers may understand differently', (text, path) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ path }));
    expect(() => parse(text)).toThrow(AmbiguousJsonError);
  });

  it('keeps a name like any other that means something to JavaScript', () => {
    const value = parse('{"toString": {"x": 1}, "constructor": 2}') as object;
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(Object.keys(value)).toEqual(['toString', 'constructor']);
  });

  it('goes as deep as it is told to, and no deeper', () => {
    expect(plain(parse('[[[]]]', 3))).toEqual([[[]]]);
    for (const text of ['[[[]]]', '{"a":{"b":{}}}', '['.repeat(100_000)])
      expect(() => parse(text, 2)).toThrow(ScanError);
  });
});
