import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { profileLines } from './profile-lines.ts';

/** What the server's process left, in the order of the time that functions took for themselves. */
export const printProfile = (folder: string): void => {
  const file = readdirSync(folder).find((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error('the server left no profile');
  for (const line of profileLines(JSON.parse(readFileSync(join(folder, file), 'utf8')))) console.log(line);
};
