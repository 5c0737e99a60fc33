import { join } from 'node:path';
import { BUILD } from './background-process.mjs';

/** What is deployed on this machine: the outputs of the stack, and where its endpoint is. */
export const STACK_FILE = join(BUILD, 'aws', 'stack.json');
