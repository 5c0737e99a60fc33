/** `npm run memory-run`: five million records in and out, and the memory of the server beside them. Takes minutes. */
import { runLongTest } from './run-long-test.mjs';

runLongTest('test/faults/memory.long.test.ts');
