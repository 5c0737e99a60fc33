/** Between a signal and its echo. A person who presses the keys again takes longer. */
const ECHO_MS = 1000;
/** A start that takes longer hangs. */
const START_MS = 5000;
const LOOK_EVERY_MS = 10;

/**
 * Makes of the signals that arrive the one that the server expects. To be called before other handlers are set.
 * 1. A signal during the start waits until the server can stop in order.
 * 2. While there is a handler a signal goes to it.
 * 3. Its echo is swallowed. Ctrl-C under npm comes twice within milliseconds, as the terminal signals the whole group and npm passes
 *    its own on; the second one must not cut short the stop that the first one began. A later one ends the process as usual.
 */
export const takeEchoesAsOneSignal = () => {
  const startedAt = performance.now();
  let handledAt;
  const end = (signal) => {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  };
  const onSignal = (signal) => {
    const now = performance.now();
    if (process.listenerCount(signal) > 1) handledAt ??= now;
    else if (handledAt === undefined && now - startedAt < START_MS)
      setTimeout(() => process.emit(signal, signal), LOOK_EVERY_MS);
    else if (handledAt === undefined || now - handledAt > ECHO_MS) end(signal);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
};
