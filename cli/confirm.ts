import { createInterface } from 'node:readline/promises';
import { CliError, usageError } from './cli-error.ts';
import { EXIT } from './exit.ts';

/** The answer; nothing when the user presses Ctrl-C or Ctrl-D instead. */
const ask = async (question: string): Promise<string> => {
  const dialogue = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => dialogue.once('close', () => resolve('')));
  try {
    return await Promise.race([dialogue.question(question).catch(() => ''), closed]);
  } finally {
    dialogue.close();
  }
};

/** Asks before something is gone for ever. Where nobody can be asked, `--yes` has to have been said. */
export const confirm = async (question: string, { yes = false }: { readonly yes?: boolean }): Promise<void> => {
  if (yes) return;
  if (!process.stdin.isTTY) throw usageError('Deleting needs --yes where nobody can be asked.');
  const answer = await ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliError('not_confirmed', 'Nothing was deleted.', EXIT.failure);
};
