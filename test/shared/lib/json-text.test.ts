import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteOutput } from '../../../shared/lib/byte-output.ts';
import { CONTROL, ESCAPED, HIGH, marksOf, writeJsonText } from '../../../shared/lib/json-text.ts';
import { check } from '../../support/check.ts';

describe('writeJsonText', () => {
  it('writes any text as JSON.stringify does', () => {
    const piece = fc.oneof(
      fc.constantFrom('"', '\\', '\n', '\u0001', '\u007f'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    const texts = fc.array(piece).map((pieces) => pieces.join(''));
    check(
      fc.property(texts, (text) => {
        const source = Buffer.from(`__${text}__`);
        const out = new ByteOutput();
        writeJsonText(out, source, 2, source.length - 2, marksOf(source, 2, source.length - 2));
        expect(out.written().toString()).toBe(JSON.stringify(Buffer.from(text).toString()));
      }),
      { numRuns: 150 },
    );
  });
});

describe('marksOf', () => {
  it.each<[string, number]>([
    ['plain', 0],
    ['é', HIGH],
    ['"', ESCAPED],
    ['\t\r\n', ESCAPED],
    ['\u0000', ESCAPED | CONTROL],
    ['\u007f', CONTROL],
    ['é"\u0001', HIGH | ESCAPED | CONTROL],
  ])('marks %j', (text, marks) => {
    const bytes = Buffer.from(text);
    expect(marksOf(bytes, 0, bytes.length)).toBe(marks);
  });
});
