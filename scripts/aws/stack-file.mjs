import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD, SetupError } from './background-process.mjs';

/** What is deployed on this machine: the outputs of the stack, where its endpoint is, and its settings. */
export const STACK_FILE = join(BUILD, 'aws', 'stack.json');

/** @throws {SetupError} when nothing is */
export const readStack = () => {
  try {
    return JSON.parse(readFileSync(STACK_FILE, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw new SetupError('Nothing is deployed here: run `npm run aws:deploy` first.');
  }
};
