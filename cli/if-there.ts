import { ApiError } from '../client/api-error.ts';

const NOT_FOUND = 404;

/** What was asked for; undefined where it does not exist. */
export const ifThere = async <Thing>(asked: Promise<Thing>): Promise<Thing | undefined> => {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.status === NOT_FOUND) return undefined;
    throw error;
  }
};
