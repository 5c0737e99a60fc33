/** `npm run group-run [-- seconds [seed]]`: a group whose members join, leave and are killed for a minute, and nothing may be lost. */
import { runLongTest } from './run-long-test.mjs';

const [seconds = '60', seed] = process.argv.slice(2);
runLongTest('test/faults/group-chaos.long.test.ts', {
  CHASQUI_SECONDS: seconds,
  ...(seed === undefined ? {} : { CHASQUI_SEED: seed }),
});
