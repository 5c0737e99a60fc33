/** `npm run push-run [-- records [kills [seed]]]`: webhooks to endpoints with every trouble, the server killed meanwhile; nothing may be lost. */
import { runLongTest } from './run-long-test.mjs';

const [records = '10000', kills = '4', seed] = process.argv.slice(2);
runLongTest('test/faults/push-run.long.test.ts', {
  CHASQUI_RECORDS: records,
  CHASQUI_KILLS: kills,
  ...(seed === undefined ? {} : { CHASQUI_SEED: seed }),
});
