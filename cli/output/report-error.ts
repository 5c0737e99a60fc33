import { ApiError } from '../../client/api-error.ts';
import { CliError } from '../cli-error.ts';
import { exitCodeOf } from '../exit-code.ts';
import { colour } from './colour.ts';
import { visible } from './visible.ts';
import { note } from './write.ts';

const codeOf = (error: unknown): string => {
  if (error instanceof ApiError || error instanceof CliError) return error.code;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'failure';
};

const detailOf = (error: unknown): string => {
  if (error instanceof ApiError) return error.detail;
  return error instanceof Error ? error.message : String(error);
};

const HINTS: ReadonlyMap<string, string> = new Map([
  [
    'connection_failed',
    'Is the bus running there? `chasqui serve` starts one; CHASQUI_URL or a profile says where it is.',
  ],
  ['usage', '--help tells more.'],
  ['unauthenticated', 'Set CHASQUI_KEY, or choose a profile: `chasqui profile --help`.'],
]);

const asText = (error: unknown): string => {
  const request = error instanceof ApiError && error.requestId !== undefined ? ` (request ${error.requestId})` : '';
  const more = error instanceof ApiError ? error.errors.slice(1) : [];
  const lines = [
    `${colour('red', 'chasqui:', process.stderr)} ${codeOf(error)}: ${visible(detailOf(error))}${visible(request)}`,
    ...more.map(({ path, message }) => `  ${visible(`${path} ${message}`)}`),
  ];
  if (error instanceof ApiError && error.sideEffects === 'possible')
    lines.push('  It may have been done all the same.');
  const hint = HINTS.get(codeOf(error));
  if (hint !== undefined) lines.push(`  ${hint}`);
  return lines.join('\n');
};

const asJson = (error: unknown): string => {
  const base = { code: codeOf(error), detail: detailOf(error), exitCode: exitCodeOf(error) };
  if (!(error instanceof ApiError)) return JSON.stringify(base);
  const { status, retryable, sideEffects, requestId, errors } = error;
  return JSON.stringify({ ...error.problem, ...base, status, retryable, sideEffects, requestId, errors });
};

/** One line and what helps, on standard error; with `--json` an object on one line. */
export const reportError = (error: unknown, { json = false } = {}): void => {
  note(json ? asJson(error) : asText(error));
};
