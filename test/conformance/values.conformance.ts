import { describe, expect, it } from 'vitest';
import { must, produceText, watermarks } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Fetched } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

const NDJSON = { accept: 'application/x-ndjson' };

/** JSON texts that a parse and a print would change. */
const EXACT: [string, string][] = [
  ['a number of 20 digits', '12345678901234567890'],
  ['a number beyond doubles', '1e400'],
  ['a number below doubles', '-1E-400'],
  ['a number with its zero', '1.0'],
  ['minus zero', '-0'],
  ['an exponent with a plus', '1E+02'],
  ['many decimals', '0.1000000000000000055511151231257827021181583404541015625'],
  ['escapes that need not be', '"\\u0041\\/\\u00e9"'],
  ['a NUL, escaped', '"a\\u0000b"'],
  ['a lone surrogate, escaped', '"\\ud800"'],
  ['surrogates in the wrong order', '"\\udc00\\ud800"'],
  ['a pair of surrogates, escaped', '"\\ud83d\\ude00"'],
  ['characters beyond ASCII', '"Žluťoučký kůň 🐎"'],
  ['line separators of JavaScript', '"\u2028\u2029"'],
  ['a name given twice', '{"a":1,"a":2}'],
  ['names in an odd order', '{"10":1,"9":2,"b":3,"a":4}'],
  ['a name that means something', '{"__proto__":{"x":1},"constructor":2}'],
  ['an empty name', '{"":{}}'],
  ['spaces', '{ "a" :  [ 1 , 2 ]  , "b" : { } }'],
  ['tabs', '[\t1,\t2\t]'],
  ['brackets and quotes inside text', '"]}\\"{[,:"'],
  ['a backslash at the end', '"\\\\"'],
  ['true', 'true'],
  ['false', 'false'],
  ['zero', '0'],
  ['an empty list', '[]'],
  ['an empty object', '{}'],
  ['an empty text', '""'],
  ['a list with null', '[null]'],
];

const BROKEN: [string, string | Buffer][] = [
  ['NaN', 'NaN'],
  ['Infinity', '-Infinity'],
  ['a plus', '+1'],
  ['a leading zero', '01'],
  ['a point without digits', '1.'],
  ['a point without a number', '.5'],
  ['an exponent without digits', '1e'],
  ['hexadecimal', '0x1'],
  ['undefined', 'undefined'],
  ['True', 'True'],
  ['half a word', 'tru'],
  ['single quotes', "'a'"],
  ['a raw NUL in text', '"a\u0000b"'],
  ['a raw line break in text', '"a\nb"'],
  ['a raw tab in text', '"a\tb"'],
  ['an unknown escape', '"\\x41"'],
  ['a short escape', '"\\u12"'],
  ['text without its end', '"abc'],
  ['a list without its end', '[1,2'],
  ['a trailing comma', '[1,]'],
  ['a missing comma', '[1 2]'],
  ['a missing colon', '{"a" 1}'],
  ['a name without quotes', '{a:1}'],
  ['the wrong bracket', '[1}'],
  ['two values', '1 2'],
  ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
  ['UTF-8 that is too long', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
  ['a surrogate as UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ['UTF-8 cut off', Buffer.from([0x22, 0xe2, 0x82, 0x22])],
  ['a no-break space', '1\u00a0'],
];

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

export const values: Chapter = (bus) => {
  const fetchText = async (topic: string, headers = {}): Promise<string> =>
    must(await bus.api.get(`/v1/topics/${topic}/partitions/0/records`, headers), 200).text;

  describe('JSON values are kept to the byte:', () => {
    it.each(EXACT)('%s', async (_, text) => {
      const topic = await bus.topic();
      must(await produceText(bus.api, topic, `{"records":[{"key":"a","value":${text},"headers":{"h":"v"}}]}`), 200);
      expect(await fetchText(topic)).toContain(`"value":${text},`);
      expect(await fetchText(topic, NDJSON)).toContain(`"value":${text}`);
    });

    it('all of them in one request, in order, with spaces around', async () => {
      const topic = await bus.topic();
      const records = EXACT.map(([, text]) => `{ "value" : \n ${text} \t}`).join(' , ');
      must(await produceText(bus.api, topic, ` { "records" : [ ${records} ] } \n`), 200);
      const lines = (await fetchText(topic, NDJSON)).split('\n').filter((line) => line !== '');
      expect(lines).toHaveLength(EXACT.length);
      EXACT.forEach(([, text], index) => {
        expect(lines[index]).toContain(`"value":${text}`);
      });
    });

    it('lines of NDJSON stay lines when a value has line breaks', async () => {
      const topic = await bus.topic();
      const value = '{\r\n  "a": 1,\n  "b": [\n    2\n  ]\n}';
      must(await produceText(bus.api, topic, `{"records":[{"value":${value}},{"value":"after"}]}`), 200);
      const lines = (await fetchText(topic, NDJSON)).split('\n').filter((line) => line !== '');
      expect(lines.map((line) => JSON.parse(line).value)).toEqual([{ a: 1, b: [2] }, 'after']);
      expect(await fetchText(topic)).toContain(`"value":${value}`);
    });

    it('the answer as a whole is JSON that parses', async () => {
      const topic = await bus.topic();
      must(
        await produceText(bus.api, topic, `{"records":[${EXACT.map(([, text]) => `{"value":${text}}`).join(',')}]}`),
        200,
      );
      const { records } = JSON.parse(await fetchText(topic)) as Fetched;
      expect(records.map(({ value }) => value)).toEqual(EXACT.map(([, text]) => JSON.parse(text)));
    });
  });

  describe('what is not JSON is refused:', () => {
    it.each(BROKEN)('%s', async (_, value) => {
      const topic = await bus.topic();
      const body = Buffer.concat([
        Buffer.from('{"records":[{"value":1},{"value":'),
        Buffer.from(value),
        Buffer.from('}]}'),
      ]);
      const call = { body, headers: { 'content-type': 'application/json' } };
      expectProblem(await bus.api.send('POST', `/v1/topics/${topic}/records`, call), 400, 'invalid_json');
      expect(await watermarks(bus.api, topic)).toEqual([0]);
    });
  });

  it('nesting is kept to a reasonable depth and refused beyond it, however deep', async () => {
    const topic = await bus.topic();
    const deep = nested(200);
    must(await produceText(bus.api, topic, `{"records":[{"value":${deep}}]}`), 200);
    expect(await fetchText(topic)).toContain(`"value":${deep}`);
    for (const depth of [20_000, 500_000]) {
      const answer = await produceText(bus.api, topic, `{"records":[{"value":${nested(depth)}}]}`);
      expectProblem(answer, 400, ['invalid_json', 'invalid_request']);
    }
    const open = await produceText(bus.api, topic, `{"records":[{"value":${'{"a":'.repeat(300_000)}`);
    expectProblem(open, 400, ['invalid_json', 'invalid_request']);
    expect(await watermarks(bus.api, topic)).toEqual([1]);
  });
};
