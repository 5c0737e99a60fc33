import { spawnSync } from 'node:child_process';
import type { LoadGenerator } from './load.ts';
import { runAutocannon } from './load-autocannon.ts';
import { runWrk } from './load-wrk.ts';

const isInstalled = (command: string): boolean => spawnSync(command, ['-v']).error === undefined;

/** wrk where it is installed (it takes less of a shared machine away from the server), else autocannon from npm. */
export const chooseLoadGenerator = (): LoadGenerator =>
  isInstalled('wrk') ? { name: 'wrk, 1 thread', run: runWrk } : { name: 'autocannon 9', run: runAutocannon };
