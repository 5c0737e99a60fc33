/** `npm run demo`: see demo/main.ts. */
import { fileURLToPath } from 'node:url';
import { importBundled } from './bundle.mjs';

process.setSourceMapsEnabled(true);
const { main } = await importBundled('scripts/demo/main.ts');
process.exitCode = await main(process.argv.slice(2), {
  flights: fileURLToPath(new URL('../node_modules/vega-datasets/data/flights-20k.json', import.meta.url)),
  startScript: fileURLToPath(new URL('start.mjs', import.meta.url)),
});
