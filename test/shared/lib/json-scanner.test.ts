import { isUtf8 } from 'node:buffer';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonScanner } from '../../../shared/lib/json-scanner.ts';
import { ScanError } from '../../../shared/lib/scan-error.ts';
import { check } from '../../support/check.ts';
import { Seeded } from '../../support/seeded.ts';

const DEEP = 10_000;

function scans(bytes: Buffer, maxDepth = DEEP): boolean {
  if (!isUtf8(bytes)) return false;
  try {
    const scanner = new JsonScanner(bytes);
    return scanner.skipSpace(scanner.skipValue(scanner.skipSpace(0), maxDepth)) === scanner.end;
  } catch (error) {
    if (error instanceof ScanError && error.position <= bytes.length) return false;
    throw error;
  }
}

function parses(bytes: Buffer): boolean {
  if (!isUtf8(bytes)) return false;
  try {
    JSON.parse(bytes.toString());
    return true;
  } catch {
    return false;
  }
}

/** What JSON is made of, and what it is not. */
const PIECES = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '-',
    '+',
    '.',
    'e',
    'E',
    '0',
    '1',
    '9',
    ' ',
    '\n',
    '\r',
    '\t',
    '\v',
    '\u00a0',
  ],
  ...[
    'true',
    'false',
    'null',
    'nul',
    'True',
    '"a"',
    '"":',
    '{}',
    '[]',
    '\\u',
    '\\ud800',
    '\\n',
    '\\x',
    '00',
    '1.5',
    '1e5',
  ],
  ...[
    '1E-2',
    '-0',
    '\u0000',
    '\u001f',
    '\u007f',
    'é',
    '😀',
    '\ufeff',
    '/',
    "'",
    'NaN',
    'Infinity',
    '{"a":1}',
    '[1,2]',
    '"\\"',
  ],
];

const skipValue = (bytes: Buffer, end: number): number => new JsonScanner(bytes, end).skipValue(0, 1);

describe('skipValue', () => {
  it('accepts what JSON.parse accepts, of texts put together from the pieces of JSON', () => {
    const random = new Seeded(20_240);
    for (let round = 0; round < 25_000; round++) {
      const text = Array.from({ length: random.integer(1, 9) }, () => random.pick(PIECES)).join('');
      const bytes = Buffer.from(text);
      if (scans(bytes) !== parses(bytes)) expect.fail(`${JSON.stringify(text)} scans: ${scans(bytes)}`);
    }
  });

  it('accepts what JSON.parse accepts, of JSON with a byte or two changed, added or taken out', () => {
    const edit = fc.record({ at: fc.nat(), remove: fc.nat(2), insert: fc.uint8Array({ maxLength: 2 }) });
    const indent = fc.constantFrom(undefined, 1, '\t');
    check(
      fc.property(fc.jsonValue(), indent, fc.array(edit, { maxLength: 2 }), (value, space, edits) => {
        let bytes = Buffer.from(JSON.stringify(value, null, space));
        expect(scans(bytes)).toBe(true);
        for (const { at, remove, insert } of edits) {
          const place = at % (bytes.length + 1);
          bytes = Buffer.concat([bytes.subarray(0, place), insert, bytes.subarray(place + remove)]);
        }
        expect(scans(bytes)).toBe(parses(bytes));
      }),
      { numRuns: 700 },
    );
  });

  it('accepts and refuses every byte in a string as JSON.parse does, alone and behind a backslash', () => {
    for (let byte = 0; byte < 256; byte++) {
      for (const bytes of [
        [0x22, byte, 0x22],
        [0x22, 0x5c, byte, 0x22],
      ].map((list) => Buffer.from(list))) {
        expect(scans(bytes)).toBe(parses(bytes));
      }
    }
  });

  it('accepts and refuses every byte in a long string as JSON.parse does, wherever it stands', () => {
    for (const length of [191, 192, 300, 16_383, 16_384, 40_000]) {
      for (const at of [1, 24, 25, 26, length - 2, length >> 1]) {
        for (const byte of [0x00, 0x0a, 0x1f, 0x20, 0x22, 0x5c, 0x7f, 0x61]) {
          const bytes = Buffer.alloc(length, 'x');
          bytes[0] = bytes[length - 1] = 0x22;
          bytes[at] = byte;
          expect([length, at, byte, scans(bytes)]).toEqual([length, at, byte, parses(bytes)]);
        }
      }
    }
  });

  it('refuses every text that is cut short', () => {
    const whole = Buffer.from('{"a":[1.5e-3,true,null,"\\u00e9\\n",{}],"b":false}');
    for (let end = 0; end < whole.length; end++) expect(scans(whole.subarray(0, end))).toBe(false);
    expect(scans(whole)).toBe(true);
  });

  it('stops at the end that it is given, whatever lies behind it', () => {
    const bytes = Buffer.from('12345');
    expect(skipValue(bytes, 3)).toBe(3);
    expect(() => skipValue(Buffer.from('"ab"'), 3)).toThrow('unexpected end');
    expect(() => skipValue(Buffer.from('true'), 3)).toThrow('unexpected end');
    expect(() => skipValue(Buffer.from('"\\u1234"'), 5)).toThrow('unexpected end');
  });

  it('counts arrays and objects within each other', () => {
    const nested = (levels: number): Buffer => Buffer.from(`${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`);
    expect(scans(nested(512), 512)).toBe(true);
    expect(scans(nested(514), 512)).toBe(false);
    expect(scans(Buffer.from('[]'), 0)).toBe(false);
    expect(scans(Buffer.from(`[${'[],'.repeat(1000)}[]]`), 2)).toBe(true);
  });

  it('does not run out of stack on nesting without end', () => {
    expect(scans(Buffer.alloc(1_000_000, '['), 512)).toBe(false);
    expect(scans(Buffer.alloc(1_000_000, '{"":'), 512)).toBe(false);
  });

  it('says where and why', () => {
    const fault = (text: string): string => {
      try {
        skipValue(Buffer.from(text), Buffer.byteLength(text));
        return 'none';
      } catch (error) {
        return (error as ScanError).message;
      }
    };
    expect(fault('{"a":tru}')).toBe('unexpected character at byte 8');
    expect(fault('{"a" 1}')).toBe('unexpected character at byte 5');
    expect(fault('"a\n"')).toBe('control character in a string at byte 2');
    expect(fault('"\\q"')).toBe('unknown escape at byte 1');
    expect(fault('[[]]')).toBe('too many levels of nesting at byte 1');
    expect(fault('')).toBe('unexpected end at byte 0');
  });
});
