import { fileURLToPath } from 'node:url';
import { findRunning, portFor, startInBackground } from './background-process.mjs';
import { outputOf } from './run-to-end.mjs';

const COMPOSE_FILE = fileURLToPath(new URL('localstack.yaml', import.meta.url));
const USUAL_PORT = 4566;

/** Whether a Docker engine answers, and knows `compose`. */
export const hasDocker = () =>
  outputOf('docker', ['info']) !== undefined && outputOf('docker', ['compose', 'version']) !== undefined;

/** LocalStack by `docker compose up`, in the foreground of a process in the background: whoever stops that stops the container. */
export const startLocalstack = async (name) => {
  const running = findRunning(name);
  if (running !== undefined) return running;
  const port = await portFor(USUAL_PORT);
  const endpoint = `http://127.0.0.1:${port}`;
  return startInBackground({
    name,
    command: 'docker',
    args: ['compose', '--project-name', `chasqui-${name}`, '--file', COMPOSE_FILE, 'up', '--no-color'],
    env: { CHASQUI_EMULATOR_PORT: String(port) },
    endpoint,
    readyUrl: `${endpoint}/_localstack/health`,
    mark: COMPOSE_FILE,
    // The image is fetched the first time.
    startTimeoutMs: 600_000,
  });
};
