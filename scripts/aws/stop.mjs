/** Stops what `start.mjs` has started; fine when nothing runs. */
import { stopInBackground } from './background-process.mjs';

for (const name of ['ministack', 'dynamodb-local']) {
  if (await stopInBackground(name)) console.log(`Stopped ${name}.`);
}
