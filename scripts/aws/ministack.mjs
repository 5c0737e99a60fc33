import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD, findRunning, portFor, startInBackground } from './background-process.mjs';
import { outputOf, runToEnd } from './run-to-end.mjs';

/** MiniStack, an emulator of AWS that answers as LocalStack does, from PyPI in a virtual environment of its own. */
const VERSION = '1.5.33';
const HOME = join(BUILD, 'ministack');
const INSTALLED = join(HOME, `installed-${VERSION}`);
const USUAL_PORT = 4566;
const OLDEST_PYTHON = 10;
/** Processes of functions that had many requests at once are ended when they have had none for so long. */
const IDLE_SECONDS = 30;

/** Whether it is there, or can be: Python that is new enough. */
export const hasMinistack = () => {
  if (existsSync(INSTALLED)) return true;
  const [, minor] = /^Python 3\.(\d+)/.exec(outputOf('python3', ['--version']) ?? '') ?? [];
  return Number(minor ?? 0) >= OLDEST_PYTHON;
};

const install = () => {
  if (existsSync(INSTALLED)) return;
  process.stderr.write(`Installing MiniStack ${VERSION} (once) …\n`);
  rmSync(HOME, { recursive: true, force: true });
  runToEnd('Making a virtual environment (is python3-venv installed?)', 'python3', ['-m', 'venv', HOME]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `ministack==${VERSION}`];
  runToEnd('Installing MiniStack from PyPI', join(HOME, 'bin', 'python3'), pip);
  writeFileSync(INSTALLED, '');
};

/** `name` tells several servers apart. */
export const startMinistack = async (name) => {
  const running = findRunning(name);
  if (running !== undefined) return running;
  install();
  const port = await portFor(USUAL_PORT);
  const endpoint = `http://127.0.0.1:${port}`;
  const command = join(HOME, 'bin', 'ministack');
  return startInBackground({
    name,
    command,
    args: [],
    env: {
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      LOG_LEVEL: 'WARNING',
      LAMBDA_WARM_TTL_SECONDS: String(IDLE_SECONDS),
    },
    endpoint,
    readyUrl: `${endpoint}/_localstack/health`,
    mark: command,
  });
};
