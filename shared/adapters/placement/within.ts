import type { Clock } from '../../ports/clock.ts';

/**
 * What `perform` answers, or an error when that takes longer than `ms`; the signal then says so to whoever listens, and the rest
 * goes on without being waited for.
 */
export const within = async <Answer>(
  clock: Pick<Clock, 'sleep'>,
  ms: number,
  perform: (abort: AbortSignal) => Promise<Answer>,
  outerAbort?: AbortSignal,
): Promise<Answer> => {
  const timer = new AbortController();
  const abort = new AbortController();
  const tooLate = async (): Promise<never> => {
    await clock.sleep(ms, timer.signal);
    const error = new Error(`No answer within ${ms} ms.`);
    abort.abort(error);
    throw error;
  };
  const late = tooLate();
  // When the answer is first, the timer is stopped and nobody waits for its rejection.
  late.catch(() => undefined);
  const signal = outerAbort === undefined ? abort.signal : AbortSignal.any([abort.signal, outerAbort]);
  try {
    return await Promise.race([perform(signal), late]);
  } finally {
    timer.abort();
  }
};
