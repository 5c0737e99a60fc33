import { describe, expect, it } from 'vitest';
import { must, valueBytes, watermarks } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Answer } from '../support/http.ts';
import type { FetchedRecord, FetchedTopic } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

const REQUIRED = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/s', 'ce-type': 't' };
const ENVELOPE = '"specversion":"1.0","id":"1","source":"/s","type":"t"';
const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';

const without = (name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(REQUIRED).filter(([one]) => one !== name));

const BAD_STRUCTURED: [string, string][] = [
  ['no id', '{"specversion":"1.0","source":"/s","type":"t"}'],
  ['no source', '{"specversion":"1.0","id":"1","type":"t"}'],
  ['no type', '{"specversion":"1.0","id":"1","source":"/s"}'],
  ['no specversion', '{"id":"1","source":"/s","type":"t"}'],
  ['an empty id', '{"specversion":"1.0","id":"","source":"/s","type":"t"}'],
  ['an id that is a number', '{"specversion":"1.0","id":1,"source":"/s","type":"t"}'],
  ['an old specversion', '{"specversion":"0.3","id":"1","source":"/s","type":"t"}'],
  ['a time that is no time', `{${ENVELOPE},"time":"yesterday"}`],
  ['data and data_base64', `{${ENVELOPE},"data":1,"data_base64":"AA=="}`],
  ['data_base64 that is not', `{${ENVELOPE},"data_base64":"!!"}`],
  ['an attribute in capitals', `{${ENVELOPE},"Extension":"x"}`],
  ['an attribute that is an object', `{${ENVELOPE},"extension":{"a":1}}`],
  ['a name given twice', `{${ENVELOPE},"id":"2"}`],
  ['a list', `[{${ENVELOPE}}]`],
];

export const eventModes: Chapter = (bus) => {
  const send = (topic: string, body: string | Uint8Array, headers: Record<string, string>): Promise<Answer> =>
    bus.api.send('POST', `/v1/topics/${topic}/events`, { body, headers });

  const storedText = async (body: string | Uint8Array, headers: Record<string, string>): Promise<string> => {
    const topic = await bus.topic();
    must(await send(topic, body, headers), 200);
    return must(await bus.api.get(`/v1/topics/${topic}/records`), 200).text;
  };

  const stored = async (body: string | Uint8Array, headers: Record<string, string>): Promise<FetchedRecord> => {
    const [record] = (JSON.parse(await storedText(body, headers)) as FetchedTopic).records;
    if (record === undefined) throw new Error('The event is not there.');
    return record;
  };

  describe('binary', () => {
    it('decodes percent-encoded attributes, as the HTTP binding has it', async () => {
      const record = await stored('x', {
        ...REQUIRED,
        'ce-subject': 'Euro%20%E2%82%AC%20%F0%9F%98%80',
        'ce-other': 'a%25b%22c',
      });
      expect(record.headers).toMatchObject({ ce_subject: 'Euro € 😀', ce_other: 'a%b"c' });
      expect(record.key).toBe('Euro € 😀');
    });

    it('keeps the body as it is, with its content type', async () => {
      const bytes = Buffer.from([0, 0xff, 0x80, 1]);
      const record = await stored(bytes, { ...REQUIRED, 'content-type': 'image/x-thing' });
      expect(record.valueBase64).toBe(bytes.toString('base64'));
      expect(record.headers?.['content-type']).toBe('image/x-thing');
    });

    it('keeps JSON data to the byte', async () => {
      const text = await storedText('{"n" : 12345678901234567890}', {
        ...REQUIRED,
        'content-type': 'application/json',
      });
      expect(text).toContain('{"n" : 12345678901234567890}');
    });

    it('refuses JSON data that is no JSON', async () => {
      const topic = await bus.topic();
      const answer = await send(topic, '{"n":', { ...REQUIRED, 'content-type': 'application/json' });
      if (answer.status !== 200) expectProblem(answer, 400, 'invalid_json');
    });

    it.each(Object.keys(REQUIRED))('needs %s', async (name) => {
      const topic = await bus.topic();
      expectProblem(await send(topic, 'x', without(name)), 400, 'invalid_request');
      expect(await watermarks(bus.api, topic)).toEqual([0]);
    });

    it.each([
      ['ce-specversion', '0.3'],
      ['ce-specversion', '2.0'],
      ['ce-id', ''],
      ['ce-time', 'noon'],
      ['ce-my_ext', 'x'],
    ])('refuses %s: %s', async (name, value) => {
      const topic = await bus.topic();
      expectProblem(await send(topic, 'x', { ...REQUIRED, [name]: value }), 400, 'invalid_request');
      expect(await watermarks(bus.api, topic)).toEqual([0]);
    });

    it('refuses a request that is no event at all', async () => {
      const topic = await bus.topic();
      expectProblem(await send(topic, '{"a":1}', { 'content-type': 'application/json' }), 400, 'invalid_request');
      expectProblem(await send(topic, '', {}), 400, 'invalid_request');
    });
  });

  describe('structured', () => {
    const type = { 'content-type': STRUCTURED };

    it('keeps JSON data to the byte', async () => {
      expect(await storedText(`{${ENVELOPE},"data": {"n" : 12345678901234567890, "f":1.0} }`, type)).toContain(
        '{"n" : 12345678901234567890, "f":1.0}',
      );
    });

    it('decodes data_base64', async () => {
      const record = await stored(`{${ENVELOPE},"datacontenttype":"image/x-thing","data_base64":"/wCA"}`, type);
      expect(valueBytes(record)?.toString('hex')).toBe('ff0080');
      expect(record.headers?.['content-type']).toBe('image/x-thing');
    });

    it('takes data as the text itself where the type is no JSON', async () => {
      const record = await stored(`{${ENVELOPE},"datacontenttype":"text/plain","data":"line 1\\nline 2"}`, type);
      expect(valueBytes(record)?.toString()).toBe('line 1\nline 2');
    });

    it('takes attributes that are numbers and flags as their text', async () => {
      const record = await stored(`{${ENVELOPE},"sequence":7,"sampled":true,"data":1}`, type);
      expect(record.headers).toMatchObject({ ce_sequence: '7', ce_sampled: 'true' });
    });

    it('does not decode percents: only headers are encoded', async () => {
      expect((await stored(`{${ENVELOPE},"subject":"100%25","data":1}`, type)).headers?.['ce_subject']).toBe('100%25');
    });

    it('takes the type with a charset', async () => {
      expect((await stored(`{${ENVELOPE},"data":1}`, { 'content-type': `${STRUCTURED}; charset=UTF-8` })).value).toBe(
        1,
      );
    });

    it.each(BAD_STRUCTURED)('refuses %s', async (_, body) => {
      const topic = await bus.topic();
      expectProblem(await send(topic, body, type), 400, 'invalid_request');
      expect(await watermarks(bus.api, topic)).toEqual([0]);
    });

    it('refuses what is not JSON', async () => {
      expectProblem(await send(await bus.topic(), `{${ENVELOPE}`, type), 400, 'invalid_json');
    });
  });

  describe('batch', () => {
    const type = { 'content-type': BATCH };

    it('fails whole, and names the event', async () => {
      const topic = await bus.topic();
      const answer = await send(
        topic,
        `[{${ENVELOPE},"data":1},{${ENVELOPE.replace('"id":"1",', '')},"data":2}]`,
        type,
      );
      expect(expectProblem(answer, 400, 'invalid_request').detail).toContain('[1]');
      expect(await watermarks(bus.api, topic)).toEqual([0]);
    });

    it('refuses what is no list, and a list of something else', async () => {
      const topic = await bus.topic();
      for (const body of [`{${ENVELOPE}}`, '[1]', '[null]', '"x"'])
        expectProblem(await send(topic, body, type), 400, 'invalid_request');
      expectProblem(await send(topic, `[{${ENVELOPE}}`, type), 400, 'invalid_json');
      expect(await watermarks(bus.api, topic)).toEqual([0]);
    });

    it('keeps data to the byte', async () => {
      expect(await storedText(`[ {${ENVELOPE},"data": [1.0, 1e400]} ]`, type)).toContain('[1.0, 1e400]');
    });
  });

  it('another CloudEvents format is not understood', async () => {
    const answer = await send(await bus.topic(), '<event/>', { 'content-type': 'application/cloudevents+xml' });
    expectProblem(answer, 415, 'unsupported_media_type');
  });
};
