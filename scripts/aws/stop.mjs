/** Stops what `start.mjs` has started; fine when nothing runs. `--only=dynamodb-local` stops that one. */
import { rmSync } from 'node:fs';
import { stopInBackground } from './background-process.mjs';
import { STACK_FILE } from './stack-file.mjs';

const names = process.argv.includes('--only=dynamodb-local') ? ['dynamodb-local'] : ['ministack', 'dynamodb-local'];

for (const name of names) {
  if (await stopInBackground(name)) console.log(`Stopped ${name}.`);
}
// What was deployed is gone with the emulator.
if (names.includes('ministack')) rmSync(STACK_FILE, { force: true });
