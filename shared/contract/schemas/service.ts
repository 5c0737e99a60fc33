import * as z from 'zod';
import { ERRORS, type ErrorCode } from '../errors.ts';
import { LIMITS } from '../limits.ts';

export const HEALTH = z.strictObject({ status: z.literal('ok'), version: z.string() }).meta({ id: 'Health' });

export const LIMITS_ANSWER = z
  .strictObject({
    ...(Object.fromEntries(Object.keys(LIMITS).map((name) => [name, z.int()])) as Record<
      keyof typeof LIMITS,
      z.ZodInt
    >),
    zones: z.int().describe('That this deployment has: a topic has as many copies at most.'),
  })
  .meta({ id: 'Limits' });

export const OPENAPI_DOCUMENT = z.looseObject({ openapi: z.string() }).meta({ id: 'OpenApiDocument' });

const CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** RFC 9457. Some codes add members of their own, such as `highWatermark`. */
export const PROBLEM = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(CODES),
    detail: z.string(),
    instance: z.string(),
    retryable: z.boolean(),
    sideEffects: z.enum(['none', 'possible']),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
