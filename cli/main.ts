import { CommanderError } from 'commander';
import { type CliError, usageError } from './cli-error.ts';
import { EXIT } from './exit.ts';
import { exitCodeOf } from './exit-code.ts';
import { reportError } from './output/report-error.ts';
import { leaveOnBrokenOutput } from './output/write.ts';
import { createProgram, type Surroundings } from './program.ts';

const SHOWN_ON_REQUEST = new Set(['commander.helpDisplayed', 'commander.version']);
/** Commander's code for a command that needs another word: the help was shown instead. */
const HELP_AS_ERROR = 'commander.help';

/** Commander's errors are wrong usage, but for what was asked for. */
const asUsageError = (error: CommanderError): CliError =>
  usageError(error.message.replace(/^error: /, '').replaceAll('\n', ' '));

/** Runs one command line. @returns the exit code. */
export const main = async (argv: readonly string[], surroundings: Surroundings): Promise<number> => {
  leaveOnBrokenOutput();
  const program = createProgram(surroundings);
  try {
    await program.parseAsync(argv);
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError && SHOWN_ON_REQUEST.has(error.code)) return EXIT.ok;
    if (error instanceof CommanderError && error.code === HELP_AS_ERROR) return EXIT.usage;
    const reported = error instanceof CommanderError ? asUsageError(error) : error;
    reportError(reported, { json: argv.includes('--json') });
    return exitCodeOf(reported);
  }
};
