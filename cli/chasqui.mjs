#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { importBundled } from '../scripts/bundle.mjs';

const ROOT = new URL('..', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'));

const load = async () => {
  try {
    return await importBundled('cli/main.ts');
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' && !/Could not resolve/.test(error.message)) throw error;
    process.stderr.write(`chasqui: not_installed: Packages are missing. Run npm ci in ${fileURLToPath(ROOT)}\n`);
    process.exit(1);
  }
};

const { main } = await load();
const exitCode = await main(process.argv, { version, startServer: () => import('../scripts/start.mjs') });
// A server that runs on in this process has an exit code of its own.
if (exitCode !== 0) process.exitCode = exitCode;
