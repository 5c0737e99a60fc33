export interface Deadline {
  /** Aborts when the caller's signal does, or when the time is over. */
  readonly signal: AbortSignal;
  readonly isOver: () => boolean;
  /** Has to be called in the end, or the caller's signal keeps the deadline alive. */
  readonly release: () => void;
}

/** `AbortSignal.any` and `.timeout` would do, were they not kept alive by a long-lived signal in Node 20. */
export const startDeadline = (timeoutMs: number, caller?: AbortSignal): Deadline => {
  const controller = new AbortController();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    controller.abort();
  }, timeoutMs);
  const abort = () => controller.abort(caller?.reason);
  caller?.addEventListener('abort', abort, { once: true });
  const release = () => {
    clearTimeout(timer);
    caller?.removeEventListener('abort', abort);
  };
  return { signal: controller.signal, isOver: () => isOver, release };
};
