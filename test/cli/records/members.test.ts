import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementsOf, membersOf } from '../../../cli/records/members.ts';
import { check } from '../../support/check.ts';

describe('membersOf', () => {
  it('keeps the text of every value', () => {
    const text =
      '{"offset":7, "value" : {"n":12345678901234567890,"s":"}],\\""} ,"key":"a\\\\","headers":{},"x":[[1.0]]}';
    expect([...membersOf(text)]).toEqual([
      ['offset', '7'],
      ['value', '{"n":12345678901234567890,"s":"}],\\""}'],
      ['key', '"a\\\\"'],
      ['headers', '{}'],
      ['x', '[[1.0]]'],
    ]);
  });

  it('finds nothing in an empty object', () => {
    expect(membersOf('{}').size).toBe(0);
  });

  it('agrees with JSON.parse on any object', () => {
    check(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(undefined, 2), (object, indent) => {
        const members = membersOf(JSON.stringify(object, null, indent));
        const parsed = Object.fromEntries([...members].map(([name, text]) => [name, JSON.parse(text) as unknown]));
        expect(parsed).toEqual(JSON.parse(JSON.stringify(object)));
      }),
    );
  });
});

describe('elementsOf', () => {
  it('agrees with JSON.parse on any list, and keeps the text of every element', () => {
    expect(elementsOf('[{"n":1.0}, "],", [1,2],12345678901234567890]')).toEqual([
      '{"n":1.0}',
      '"],"',
      '[1,2]',
      '12345678901234567890',
    ]);
    check(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 2), (list, indent) => {
        const elements = elementsOf(JSON.stringify(list, null, indent)).map((text) => JSON.parse(text) as unknown);
        expect(elements).toEqual(JSON.parse(JSON.stringify(list)));
      }),
    );
  });
});
