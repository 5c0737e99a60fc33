import { EXIT } from './exit.ts';

/** An error of the command line itself, with a code like the API's and what the shell is told. */
export class CliError extends Error {
  readonly code: string;
  readonly exitCode: number;

  constructor(code: string, detail: string, exitCode: number) {
    super(detail);
    this.name = 'CliError';
    this.code = code;
    this.exitCode = exitCode;
  }
}

export const usageError = (detail: string): CliError => new CliError('usage', detail, EXIT.usage);
