import { ApiError } from '../client/api-error.ts';

const NOT_FOUND = 404;

const ifThere = async <Thing>(asked: Promise<Thing>): Promise<Thing | undefined> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.status === NOT_FOUND) return undefined;
    throw error;
  }
};

/** What is there as it is, else what `put` makes: PUT alone would change what is there. */
export const unlessThere = async <Thing>(
  asked: Promise<Thing>,
  put: () => Promise<Thing & { readonly created: boolean }>,
): Promise<Thing & { readonly created: boolean }> => {
  const there = await ifThere(asked);
  return there === undefined ? put() : { ...there, created: false };
};
