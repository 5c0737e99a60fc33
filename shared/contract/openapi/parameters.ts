import type * as z from 'zod';
import { LIMITS } from '../limits.ts';
import type { PathParams, Route } from '../route.ts';
import { NAME } from '../schemas/name.ts';
import { integer } from '../schemas/number.ts';
import { type JsonSchema, schemaOf } from './schemas.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
  readonly example?: unknown;
}

const PATH: Record<keyof PathParams, { schema: z.ZodType; example: unknown; description: string }> = {
  tenant: { schema: NAME, example: 'acme', description: "A tenant's id." },
  topic: { schema: NAME, example: 'orders', description: "A topic's name." },
  key: { schema: NAME, example: '0199c0de-0000-7000-8000-000000000002', description: "A key's id." },
  group: { schema: NAME, example: 'billing', description: "A consumer group's name." },
  member: { schema: NAME, example: 'worker-1', description: "A member's name: its own choice, unique in the group." },
  subscription: { schema: NAME, example: 'to-billing', description: "A subscription's id." },
  partition: { schema: integer(0, LIMITS.partitionsPerTopic - 1), example: 0, description: 'From 0.' },
};

const header = (name: string, description: string, schema: JsonSchema): Parameter => ({
  name,
  in: 'header',
  required: false,
  description,
  schema,
});

const IDEMPOTENCY_KEY = header(
  'Idempotency-Key',
  'A repeat within 24 hours answers what the first one answered and stores nothing.',
  { type: 'string', minLength: 1, maxLength: LIMITS.idempotencyKeyLength, pattern: '^[\\x21-\\x7e]+$' },
);

const EVENT_HEADERS = ['ce-id', 'ce-source', 'ce-type', 'ce-specversion'].map((name) =>
  header(name, 'An attribute of an event in binary mode; further ones likewise.', { type: 'string' }),
);

const pathParameters = (route: Route): Parameter[] =>
  [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => {
    const { schema, example, description } = PATH[name as keyof PathParams];
    return { name, in: 'path', required: true, description, schema: schemaOf(schema), example };
  });

const queryParameters = (route: Route): Parameter[] =>
  Object.entries(route.query.shape as Record<string, z.ZodType>).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !schema.safeParse(undefined).success,
    schema: schemaOf(schema),
  }));

const headerParameters = ({ body }: Route): Parameter[] => {
  if (body.kind === 'events') return [IDEMPOTENCY_KEY, ...EVENT_HEADERS];
  return body.kind === 'records' ? [IDEMPOTENCY_KEY] : [];
};

export const parametersOf = (route: Route): Parameter[] => [
  ...pathParameters(route),
  ...queryParameters(route),
  ...headerParameters(route),
];
