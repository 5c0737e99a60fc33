import { createInterface } from 'node:readline/promises';
import { CliError, usageError } from './cli-error.ts';
import { EXIT } from './exit.ts';

/** Asks before something is gone for ever. Where nobody can be asked, `--yes` has to have been said. */
export const confirm = async (question: string, { yes = false }: { readonly yes?: boolean }): Promise<void> => {
  if (yes) return;
  if (!process.stdin.isTTY) throw usageError('Deleting needs --yes where nobody can be asked.');
  const dialogue = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await dialogue.question(`${question} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new CliError('not_confirmed', 'Nothing was deleted.', EXIT.failure);
  } finally {
    dialogue.close();
  }
};
