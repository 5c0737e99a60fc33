import { ApiError } from '../../client/api-error.ts';
import { CliError } from '../cli-error.ts';

/** Where in the input a record came from. */
export interface Place {
  readonly source: string;
  /** From 1, as editors count. */
  readonly line: number;
}

const say = ({ source, line }: Place, detail: string): string => `${source}, line ${line}: ${detail}`;

/** A line that cannot become a record, with its place. */
export const atPlace = (error: unknown, place: Place): unknown =>
  error instanceof CliError ? new CliError(error.code, say(place, error.message), error.exitCode) : error;

/** What the server says of `records[17]`, said of the line that it came from. */
export const atRecord = (error: unknown, places: readonly Place[]): unknown => {
  if (!(error instanceof ApiError)) return error;
  const index = /records\[(\d+)\]/.exec(error.errors[0]?.path ?? error.detail)?.[1];
  const place = index === undefined ? undefined : places[Number(index)];
  return place === undefined ? error : new ApiError({ ...error, detail: say(place, error.detail), cause: error });
};
