import type { Route } from '../route.ts';
import { RECORDS_INPUT } from '../schemas/record.ts';
import { type JsonSchema, schemaOf } from './schemas.ts';

interface Media {
  readonly schema: JsonSchema;
  readonly example?: unknown;
}

export interface RequestBodyObject {
  readonly description?: string;
  readonly required: boolean;
  readonly content: Readonly<Record<string, Media>>;
}

const EVENT = { specversion: '1.0', id: 'a1', source: '/shop', type: 'order.placed', data: { total: 12.5 } };
const EVENT_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type'],
  properties: {
    specversion: { const: '1.0' },
    id: { type: 'string', minLength: 1 },
    source: { type: 'string', minLength: 1 },
    type: { type: 'string', minLength: 1 },
    data: {},
  },
  additionalProperties: true,
};
const BYTES: Media = { schema: { type: 'string', format: 'binary' } };

/** Not as an example: tools that make requests from examples know no way to send one as NDJSON, and give up. */
const LINES: Media = { schema: { type: 'string', description: 'A record a line, such as {"key":"k","value":1}.' } };

const RECORDS: RequestBodyObject = {
  description: 'JSON, NDJSON, or one raw value of any other content type, which the record keeps as a header.',
  required: false,
  content: {
    'application/json': {
      schema: schemaOf(RECORDS_INPUT),
      example: { records: [{ key: 'k', value: { any: 'json' } }] },
    },
    'application/x-ndjson': LINES,
    'application/octet-stream': BYTES,
    'text/plain': { schema: { type: 'string' }, example: 'hello' },
  },
};

const EVENTS: RequestBodyObject = {
  description: 'Structured mode, batch mode, or (with `ce-*` headers) an event’s data in binary mode.',
  required: false,
  content: {
    'application/cloudevents+json': { schema: EVENT_SCHEMA, example: EVENT },
    'application/cloudevents-batch+json': { schema: { type: 'array', items: EVENT_SCHEMA }, example: [EVENT] },
    'application/octet-stream': BYTES,
  },
};

export const requestBodyOf = ({ body }: Route): RequestBodyObject | undefined => {
  if (body.kind === 'none') return undefined;
  if (body.kind !== 'json') return body.kind === 'records' ? RECORDS : EVENTS;
  const content = { 'application/json': { schema: schemaOf(body.schema), example: body.example } };
  return { required: !body.schema.safeParse({}).success, content };
};
