import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonReader } from '../../../shared/lib/json-reader.ts';
import { OPEN_BRACE, OPEN_BRACKET, QUOTE } from '../../../shared/lib/json-scanner.ts';
import { check } from '../../support/check.ts';

const reader = (text: string): JsonReader => new JsonReader(Buffer.from(text));
const NAMES = ['one', 'two'].map((name) => Buffer.from(name));

/** Rebuilds a value with nothing but the reader. */
function rebuild(from: JsonReader): unknown {
  switch (from.peek()) {
    case OPEN_BRACE: {
      const fields: [string, unknown][] = [];
      from.enter(OPEN_BRACE);
      while (from.nextField()) fields.push([from.name(), rebuild(from)]);
      return Object.fromEntries(fields);
    }
    case OPEN_BRACKET: {
      const elements: unknown[] = [];
      from.enter(OPEN_BRACKET);
      while (from.nextElement()) elements.push(rebuild(from));
      return elements;
    }
    case QUOTE:
      return from.readString();
    default: {
      const start = from.at;
      return JSON.parse(from.bytes.toString('utf8', start, from.skipValue(0)));
    }
  }
}

describe('JsonReader', () => {
  it('walks any value as JSON.parse builds it', () => {
    check(
      fc.property(fc.json(), fc.constantFrom(0, 1, '\r\n\t'), (text, space) => {
        const spaced = JSON.stringify(JSON.parse(text), null, space);
        const walker = reader(` ${spaced} `);
        expect(rebuild(walker)).toEqual(JSON.parse(spaced));
        walker.finish();
      }),
      { numRuns: 500 },
    );
  });

  it('knows a field by its name, however that is written', () => {
    const walker = reader('{"two":1,"\\u006fne":2,"tw\\u006f":3,"on":4,"ones":5,"":6}');
    const found: number[] = [];
    walker.enter(OPEN_BRACE);
    while (walker.nextField()) {
      found.push(walker.nameAmong(NAMES));
      walker.skipValue(0);
    }
    expect(found).toEqual([1, 0, 1, -1, -1, -1]);
  });

  it.each(['{"a":1,}', '{,"a":1}', '{"a":1 "b":2}', '{a:1}', '{"a"}', '{"a":1', '{"a":1]', '{1:2}'])(
    'refuses %s',
    (text) => {
      expect(() => rebuild(reader(text))).toThrow();
    },
  );

  it.each(['[1,]', '[,1]', '[1 2]', '[1', '[1}', '['])('refuses %s', (text) => {
    expect(() => rebuild(reader(text))).toThrow();
  });

  it('gives strings as bytes, a view where nothing is escaped', () => {
    const plain = reader('"é😀"');
    expect(plain.readStringBytes()?.buffer).toBe(plain.bytes.buffer);
    expect(reader('"\\u00e9\\ud83d\\ude00\\/\\n"').readStringBytes()).toEqual(Buffer.from('é😀/\n'));
    expect(reader('"\\ud83d"').readStringBytes()).toBeUndefined();
    expect(reader('"\\ude00\\ud83d"').readStringBytes()).toBeUndefined();
  });

  it.each<[string, number]>([
    ['0', 0],
    ['1760000000000', 1_760_000_000_000],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740992', Number.NaN],
    ['99999999999999999999999', Number.NaN],
    ['-1', Number.NaN],
    ['1.0', Number.NaN],
    ['1e3', Number.NaN],
    ['"1"', Number.NaN],
    ['[1]', Number.NaN],
    ['true', Number.NaN],
  ])('reads the digits of %s', (text, value) => {
    const walker = reader(text);
    expect(walker.readDigits(9)).toBe(value);
    walker.finish();
  });

  it('passes null and nothing else', () => {
    expect(reader('null').skipNull()).toBe(true);
    expect(reader('1').skipNull()).toBe(false);
    expect(reader('').skipNull()).toBe(false);
    expect(() => reader('nul').skipNull()).toThrow('unexpected');
  });
});
