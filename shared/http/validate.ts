import type * as z from 'zod';
import { ChasquiError, type FieldError } from '../contract/errors.ts';

const MAX_ERRORS = 20;
const MAX_IN_DETAIL = 3;

const pathText = (path: readonly PropertyKey[], key?: string): string => {
  const parts = key === undefined ? path : [...path, key];
  return parts.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
};

const at = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part], input);

const fieldErrors = (issue: z.core.$ZodIssue, input: unknown, whole: string, member: string): FieldError[] => {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: pathText(issue.path, key), message: `is not a known ${member}` }));
  }
  // A rule about several members speaks for itself, whichever of them it names.
  const missing = issue.code !== 'custom' && issue.path.length > 0 && at(input, issue.path) === undefined;
  return [{ path: pathText(issue.path) || whole, message: missing ? 'is required' : issue.message }];
};

/** Where a schema says nothing of its own about a fault. */
const plainMessage: z.core.$ZodErrorMap = (issue) =>
  issue.code === 'invalid_type' ? `must be of the type ${issue.expected}` : 'is not valid';

const errorOf = (error: z.ZodError, input: unknown, whole: string, member: string): ChasquiError => {
  const all = error.issues.flatMap((issue) => fieldErrors(issue, input, whole, member));
  // One value may break several rules of one sentence.
  const once = new Map(all.map((fault) => [`${fault.path} ${fault.message}`, fault]));
  const errors = [...once.values()].slice(0, MAX_ERRORS);
  const detail = errors.slice(0, MAX_IN_DETAIL).map(({ path, message }) => `${path} ${message}.`);
  return new ChasquiError('invalid_request', detail.join(' '), { errors });
};

/**
 * The input as the schema makes it.
 * @param whole What the input is called where the fault is not in one of its members.
 * @throws {ChasquiError} `invalid_request`, each field at fault named with its path.
 */
export const validate = <Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  whole: string,
  member: string,
): z.output<Schema> => {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  // A second time for the messages: zod is four times slower where it has to be ready to word a fault.
  const { error = result.error } = schema.safeParse(input, { error: plainMessage });
  throw errorOf(error, input, whole, member);
};
