/** Stops what `start.mjs` has started; fine when nothing runs. */
import { rmSync } from 'node:fs';
import { stopInBackground } from './background-process.mjs';
import { STACK_FILE } from './stack-file.mjs';

for (const name of ['ministack', 'dynamodb-local']) {
  if (await stopInBackground(name)) console.log(`Stopped ${name}.`);
}
rmSync(STACK_FILE, { force: true });
