import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const ROUNDS = 7;
/** Of what a process says before it fails: its first lines are the bundle's, which are long. */
const SAID_LENGTH = 600;

const SETTINGS = JSON.parse(readFileSync(new URL('function-environment.json', import.meta.url), 'utf8'));

const timeOnce = (node, code, endpoint) =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(node, ['--input-type=module', '--eval', `${code}; process.stdout.write('ready')`], {
      env: { ...SETTINGS, PATH: process.env.PATH, AWS_ENDPOINT_URL: endpoint },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.once('data', () => {
      resolve(performance.now() - startedAt);
      child.kill('SIGKILL');
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-SAID_LENGTH);
    });
    child.once('error', reject);
    child.once('close', (status) => reject(new Error(`The function did not start: ${status}. … ${said}`)));
  });

/** From the start of a process until it has run `code`, in milliseconds: the median of some. `endpoint` stands for all of AWS. */
export const timeStart = async (node, code, endpoint) => {
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await timeOnce(node, code, endpoint));
  return Math.round(times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]);
};
