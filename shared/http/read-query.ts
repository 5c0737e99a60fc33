import type * as z from 'zod';
import type { Route } from '../contract/route.ts';
import { decodeQuery } from './decode-query.ts';
import { validate } from './validate.ts';

/** "Plain decimal digits, -1 where said." */
const DIGITS = /^(?:-1|\d{1,20})$/;

/** Whether the schema, under its defaults and options, takes a number. */
const takesNumber = (schema: z.core.$ZodType): boolean => {
  const def = schema._zod.def as z.core.$ZodTypeDef & {
    readonly options?: readonly z.core.$ZodType[];
    readonly innerType?: z.core.$ZodType;
  };
  if (def.options !== undefined) return def.options.some(takesNumber);
  return def.innerType === undefined ? def.type === 'number' : takesNumber(def.innerType);
};

/**
 * Reads a route's query by its schema, which knows JSON's types only: digits become numbers where the schema takes them. A query that
 * is absent costs nothing.
 */
export const createQueryReader = (route: Route): ((raw: string) => Readonly<Record<string, unknown>>) => {
  const { shape } = route.query;
  const numbers = new Set(Object.keys(shape).filter((name) => takesNumber(shape[name]!)));
  const parse = (parameters: Record<string, unknown>): Readonly<Record<string, unknown>> => {
    for (const name of numbers) {
      const text = parameters[name];
      if (typeof text === 'string' && DIGITS.test(text)) parameters[name] = Number(text);
    }
    return validate(route.query, parameters, 'query', 'parameter');
  };
  const none = route.query.safeParse({});
  const absent = none.success ? Object.freeze(none.data) : undefined;
  return (raw) => (raw === '' && absent !== undefined ? absent : parse(decodeQuery(raw)));
};
