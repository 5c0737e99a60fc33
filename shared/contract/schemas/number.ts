import * as z from 'zod';

/** The largest integer that a JSON reader in any language gets right. */
export const MAX_INTEGER = Number.MAX_SAFE_INTEGER;

/** An integer in a range. One message for every way to miss it. */
export const integer = (min: number, max: number) => {
  const error = max === MAX_INTEGER ? `must be an integer, ${min} or more` : `must be an integer from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

/** As `integer`, with -1 for "no bound". */
export const boundOrNone = (min: number) => {
  const error = `must be -1 or an integer, ${min} or more`;
  return z
    .int({ error })
    .min(-1, { error })
    .max(MAX_INTEGER, { error })
    .refine((value) => value === -1 || value >= min, { error });
};
