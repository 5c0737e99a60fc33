import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LineForm, recordMaker } from '../../../cli/input/line-record.ts';
import { check } from '../../support/check.ts';

const make = (form: LineForm, line: string | Uint8Array): string | undefined =>
  recordMaker(form)(Buffer.from(line))?.toString();

describe('recordMaker', () => {
  it.each([
    ['a text line', { kind: 'text' }, 'hello', '{"value":"hello"}'],
    ['an empty line, which is an empty value', { kind: 'text' }, '', '{"value":""}'],
    ['a key for all', { kind: 'text', key: 'k"' }, 'v', '{"key":"k\\"","value":"v"}'],
    ['an empty key', { kind: 'text', key: '' }, 'v', '{"key":"","value":"v"}'],
    ['a separator', { kind: 'text', keySeparator: '::' }, 'a::b::c', '{"key":"a","value":"b::c"}'],
    [
      'headers and a partition',
      { kind: 'text', headers: { h: '1' }, partition: 0 },
      'v',
      '{"headers":{"h":"1"},"partition":0,"value":"v"}',
    ],
    ['a JSON value as it stands', { kind: 'json' }, ' 12345678901234567890 ', '{"value": 12345678901234567890 }'],
    [
      'a JSON value behind a key',
      { kind: 'json', keySeparator: '\t' },
      'k\t{"a": 1.0}',
      '{"key":"k","value":{"a": 1.0}}',
    ],
    ['a whole record', { kind: 'record' }, '{"value": 1.0}', '{"value": 1.0}'],
    ['bytes that are not text', { kind: 'text' }, Uint8Array.of(0xff, 0x00), '{"valueBase64":"/wA="}'],
    [
      'a key that is not text',
      { kind: 'text', keySeparator: ':' },
      Uint8Array.of(0xff, 0x3a, 0x61),
      '{"keyBase64":"/w==","value":"a"}',
    ],
  ] as const)('makes a record of %s', (_what, form, line, record) => {
    expect(make(form, line)).toBe(record);
  });

  it.each(['json', 'record'] as const)('makes nothing of a blank line where lines are JSON (%s)', (kind) => {
    expect(make({ kind }, ' \t\r')).toBeUndefined();
  });

  it('refuses a JSON line that would smuggle in another member', () => {
    expect(() => make({ kind: 'json' }, '1,"partition":3')).toThrow('not a JSON value');
  });

  it('refuses a line without the separator', () => {
    expect(() => make({ kind: 'text', keySeparator: ':' }, 'no colon')).toThrow('has no ":"');
  });

  it('keeps every text and every byte', () => {
    check(
      fc.property(fc.uint8Array(), (bytes) => {
        const record = JSON.parse(make({ kind: 'text' }, bytes) ?? '') as { value?: string; valueBase64?: string };
        const back =
          record.value === undefined ? Buffer.from(record.valueBase64 ?? '', 'base64') : Buffer.from(record.value);
        expect(back).toEqual(Buffer.from(bytes));
      }),
    );
  });
});
