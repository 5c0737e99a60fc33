const LOOK_EVERY_MS = 200;
/** `npm start` and `npx chasqui serve`. */
const NPM_COMMANDS = ['start', 'npx'];

/**
 * npm passes SIGTERM and SIGINT on, but cannot pass on its own SIGKILL; the server would live on, hold its port and its data, and the
 * next `npm start` would fail. So a server that npm started ends when npm has gone, and one that was started over a channel when the
 * channel closes. A server started by hand (`node scripts/start.mjs &`) outlives its shell as usual.
 */
export const stopWithParent = () => {
  const stop = () => process.kill(process.pid, 'SIGTERM');
  if (process.connected) process.once('disconnect', stop);
  if (!NPM_COMMANDS.includes(process.env.npm_lifecycle_event) || process.platform === 'win32') return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, LOOK_EVERY_MS);
  timer.unref();
};
