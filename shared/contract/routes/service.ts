import { LIMITS } from '../limits.ts';
import type { Route } from '../route.ts';
import { WHOAMI } from '../schemas/key.ts';
import { NO_QUERY } from '../schemas/query.ts';
import { HEALTH, LIMITS_ANSWER, OPENAPI_DOCUMENT } from '../schemas/service.ts';

const shared = {
  function: 'admin',
  tag: 'Service',
  method: 'GET',
  query: NO_QUERY,
  body: { kind: 'none' },
  errors: [],
} as const;

export const SERVICE_ROUTES = {
  healthz: {
    ...shared,
    path: '/healthz',
    credential: 'none',
    summary: 'Say that requests are served',
    answers: { 200: { description: 'They are.', schema: HEALTH, example: { status: 'ok', version: '0.1.0' } } },
  },
  openapi: {
    ...shared,
    path: '/openapi.json',
    credential: 'none',
    summary: 'This document',
    answers: { 200: { description: 'OpenAPI 3.1.', schema: OPENAPI_DOCUMENT, example: { openapi: '3.1.1' } } },
  },
  limits: {
    ...shared,
    path: '/v1/limits',
    credential: 'any',
    summary: 'Show the limits',
    answers: {
      200: { description: 'Every limit of this surface.', schema: LIMITS_ANSWER, example: { ...LIMITS, zones: 3 } },
    },
  },
  whoami: {
    ...shared,
    path: '/v1/whoami',
    credential: 'any',
    summary: 'Show what the key is',
    answers: {
      200: {
        description: 'The key, without its secret.',
        schema: WHOAMI,
        example: { kind: 'operator', keyId: 'operator', scopes: [] },
      },
    },
  },
} as const satisfies Record<string, Route>;
