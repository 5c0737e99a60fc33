import { expect, it } from 'vitest';
import { sortedJson } from '../../../shared/lib/sorted-json.ts';

it('gives equal things one text, in whatever order their names were written', () => {
  const one = { b: [{ d: 1, c: undefined }, null], a: { y: 'ä', x: true } };
  const other = { a: { x: true, y: 'ä' }, b: [{ d: 1 }, null] };
  expect(sortedJson(one)).toBe('{"a":{"x":true,"y":"ä"},"b":[{"d":1},null]}');
  expect(sortedJson(other)).toBe(sortedJson(one));
  expect(sortedJson({ list: [2, 1] })).not.toBe(sortedJson({ list: [1, 2] }));
  expect(sortedJson(undefined)).toBe(sortedJson(undefined));
});
