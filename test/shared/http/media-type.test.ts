import { describe, expect, it } from 'vitest';
import { negotiate, parseContentType } from '../../../shared/http/media-type.ts';

const JSON_TYPE = 'application/json';
const NDJSON = 'application/x-ndjson';

describe('negotiate', () => {
  it.each([
    [undefined, JSON_TYPE],
    ['', JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/*', JSON_TYPE],
    [NDJSON, NDJSON],
    ['APPLICATION/X-NDJSON', NDJSON],
    ['application/json, application/x-ndjson', JSON_TYPE],
    ['application/json;q=0.5, application/x-ndjson', NDJSON],
    ['application/x-ndjson, */*', NDJSON],
    ['application/x-ndjson;q=0.1, */*', JSON_TYPE],
    ['application/json;q=0, */*', NDJSON],
    ['text/html, application/xhtml+xml, */*;q=0.8', JSON_TYPE],
    ['application/json; charset=utf-8', JSON_TYPE],
  ])('for %s gives %s', (accept, expected) => {
    expect(negotiate(accept, [JSON_TYPE, NDJSON])).toBe(expected);
  });

  it.each(['text/html', 'text/*', 'application/json;q=0, application/x-ndjson;q=0', '*/*;q=0', 'nonsense'])(
    'has nothing for %s',
    (accept) => {
      const refusal = expect.objectContaining({ code: 'not_acceptable' });
      expect(() => negotiate(accept, [JSON_TYPE, NDJSON])).toThrow(refusal);
    },
  );
});

describe('parseContentType', () => {
  it.each([
    [undefined, '', undefined],
    ['application/json', JSON_TYPE, undefined],
    ['Application/JSON; Charset="UTF-8"', JSON_TYPE, 'utf-8'],
    ['text/plain ; a=b; charset=latin1', 'text/plain', 'latin1'],
  ])('reads %s', (header, type, charset) => {
    expect(parseContentType(header)).toEqual({ type, charset });
  });

  it.each(['json', 'no/type/at all', 'a/b/c', '/', 'a/', ';charset=utf-8', 'a/b, c/d'])('refuses %s', (header) => {
    expect(() => parseContentType(header)).toThrow(expect.objectContaining({ code: 'unsupported_media_type' }));
  });
});
