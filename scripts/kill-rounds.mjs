/** `npm run kill-rounds [-- rounds [seed]]`: kill -9 under full load, 20 times, and nothing acknowledged may be lost. */
import { runLongTest } from './run-long-test.mjs';

const [rounds = '20', seed] = process.argv.slice(2);
runLongTest('test/faults/durability-kill.long.test.ts', {
  CHASQUI_ROUNDS: rounds,
  ...(seed === undefined ? {} : { CHASQUI_SEED: seed }),
});
