import { ERRORS, type ErrorCode } from '../errors.ts';
import type { AnswerSpec, Route } from '../route.ts';
import { PROBLEM } from '../schemas/service.ts';
import { type JsonSchema, schemaOf } from './schemas.ts';

interface Reference {
  readonly $ref: string;
}

interface Media {
  readonly schema: JsonSchema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, Reference>>;
}

type Header = Reference | { readonly description: string; readonly schema: JsonSchema };

export interface ResponseObject {
  readonly description: string;
  readonly headers: Readonly<Record<string, Header>>;
  readonly content?: Readonly<Record<string, Media>>;
}

export type Responses = Record<string, ResponseObject>;

export const REQUEST_ID = { description: 'Names the request in the log.', schema: { type: 'string' } } as const;
const REQUEST_ID_REF: Reference = { $ref: '#/components/headers/RequestId' };

/** What the edge may answer on every route, and on every one that takes a key. */
const EVERYWHERE: readonly ErrorCode[] = [
  'invalid_request',
  'method_not_allowed',
  'not_acceptable',
  'uri_too_long',
  'headers_too_large',
  'internal',
  'unavailable',
  'timeout',
];

const codesOf = (route: Route): ErrorCode[] => {
  const keyed: ErrorCode[] = route.credential === 'none' ? [] : ['unauthenticated'];
  const scoped: ErrorCode[] = route.credential === 'none' || route.credential === 'any' ? [] : ['forbidden'];
  return [...new Set([...EVERYWHERE, ...keyed, ...scoped, ...route.errors])];
};

const text = (description: string): Header => ({ description, schema: { type: 'string' } });

const EXTRA_HEADERS: Partial<Record<ErrorCode, Record<string, Header>>> = {
  unauthenticated: { 'WWW-Authenticate': text('The scheme to use: Bearer.') },
  method_not_allowed: { Allow: text('The methods that the path takes.') },
  unavailable: { 'Retry-After': text('Seconds to wait.') },
};

const exampleOf = (code: ErrorCode): Record<string, unknown> => ({
  type: `https://chasqui.dev/errors#${code}`,
  title: ERRORS[code].title,
  status: ERRORS[code].status,
  code,
  detail: `${ERRORS[code].title}.`,
  instance: '4d1c6f5be2a07f3c9b18-00000z',
  retryable: false,
  sideEffects: 'none',
});

const problemResponse = (codes: readonly ErrorCode[]): ResponseObject => ({
  description: codes.map((code) => `${ERRORS[code].title} (\`${code}\`)`).join(', or '),
  headers: Object.assign({ 'Chasqui-Request-Id': REQUEST_ID_REF }, ...codes.map((code) => EXTRA_HEADERS[code] ?? {})),
  content: {
    'application/problem+json': {
      schema: { allOf: [schemaOf(PROBLEM), { properties: { code: { enum: [...codes] } } }] },
      examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
    },
  },
});

const success = (answer: AnswerSpec): ResponseObject => {
  const extra = Object.entries(answer.headers ?? {}).map(([name, description]) => [name, text(description)] as const);
  const headers = { 'Chasqui-Request-Id': REQUEST_ID_REF, ...Object.fromEntries(extra) };
  if (answer.mediaType !== undefined) {
    const media = { schema: { type: 'string' as const }, example: answer.example };
    return { description: answer.description, headers, content: { [answer.mediaType]: media } };
  }
  if (answer.schema === undefined) return { description: answer.description, headers };
  const other = Object.entries(answer.otherMedia ?? {}).map(
    ([type, description]) => [type, { schema: { type: 'string', description } }] as const,
  );
  const shown: Media = { schema: schemaOf(answer.schema), example: answer.example };
  const content: Record<string, Media> = { 'application/json': shown, ...Object.fromEntries(other) };
  return { description: answer.description, headers, content };
};

/** An example of every problem that these routes may answer. */
export const problemExamples = (routes: readonly Route[]): Record<string, { readonly value: unknown }> =>
  Object.fromEntries(routes.flatMap(codesOf).map((code) => [code, { value: exampleOf(code) }]));

/** A route's answers, each status with the codes that it may have there. */
export const responsesOf = (route: Route): Responses => {
  const responses: Responses = {};
  for (const [status, answer] of Object.entries(route.answers)) responses[status] = success(answer);
  const all = codesOf(route);
  for (const status of new Set(all.map((code) => ERRORS[code].status))) {
    responses[status] = problemResponse(all.filter((code) => ERRORS[code].status === status));
  }
  return responses;
};
