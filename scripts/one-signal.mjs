/** Between a signal and its echo. A person who presses the keys again takes longer. */
const ECHO_MS = 1000;

/**
 * Ctrl-C under npm comes twice within milliseconds: the terminal signals the whole group, and npm passes its own on. The second one
 * must not cut short the orderly stop that the first one began. So while there is a handler a signal goes to it; once that has been
 * used, an echo is swallowed and a later one ends the process as usual. To be called before other handlers are set.
 */
export const takeEchoesAsOneSignal = () => {
  let handledAt = Number.NEGATIVE_INFINITY;
  const onSignal = (signal) => {
    const isHandled = process.listenerCount(signal) > 1;
    if (isHandled) handledAt = performance.now();
    if (isHandled || performance.now() - handledAt < ECHO_MS) return;
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
};
