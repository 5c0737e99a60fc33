/** `npm start`: the embedded bus, in this very process, so that a signal to it reaches the server. */
import { importBundled } from './bundle.mjs';
import { takeEchoesAsOneSignal } from './one-signal.mjs';
import { stopWithParent } from './stop-with-parent.mjs';

process.setSourceMapsEnabled(true);
takeEchoesAsOneSignal();
stopWithParent();
await importBundled('functions/local/main.ts');
