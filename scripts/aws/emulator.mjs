import { SetupError } from './background-process.mjs';
import { hasDocker, startLocalstack } from './localstack.mjs';
import { hasMinistack, startMinistack } from './ministack.mjs';

/**
 * What stands in for AWS here: MiniStack where there is Python, else LocalStack where Docker answers. Asked in this order.
 * @throws {SetupError} where there is neither
 */
export const chooseEmulator = ({ ministack, docker }) => {
  if (ministack()) return { label: 'MiniStack', start: startMinistack };
  if (docker()) return { label: 'LocalStack', start: startLocalstack };
  throw new SetupError(
    'The emulator needs Python or Docker: install python3 (3.10 or later, with its venv module) for MiniStack, or Docker with compose for LocalStack. Or set AWS_ENDPOINT_URL to one that runs.',
  );
};

/** `name` tells several apart. Starting one that runs is fine. */
export const startEmulator = async (name = 'ministack') => {
  const { label, start } = chooseEmulator({ ministack: hasMinistack, docker: hasDocker });
  return { ...(await start(name)), label };
};
