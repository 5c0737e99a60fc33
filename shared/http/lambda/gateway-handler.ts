import type { Hono } from 'hono';
import { ChasquiError } from '../../contract/errors.ts';
import { LIMITS } from '../../contract/limits.ts';
import type { Drain } from '../drain.ts';
import type { EdgeEnv } from '../edge-request.ts';
import { problemResponse } from '../problem-response.ts';
import type { GatewayEvent, GatewayResult, LambdaContext } from './gateway-event.ts';
import { requestTarget } from './request-target.ts';
import { toRequest } from './to-request.ts';
import { toResult } from './to-result.ts';

/*
 * One function behind API Gateway's HTTP API:
 *  1. The event becomes a request; what a server would refuse before looking at it is refused here.
 *  2. Waits end when the function's time is nearly over, so that the answer is there before the gateway gives up. What is not
 *     answered even then, because a store is silent, is answered here.
 *  3. An answer that may rest on a cache that was out of date is asked for once more without it. Only refusals are, which have
 *     changed nothing.
 *  4. While the operator's key has not been read, nobody who calls is known not to be the operator: it is read, and asked again.
 *  5. The answer goes back as text or base64.
 */

/** What this process remembers of tenants' keys and topics. */
export interface Remembered {
  /** How often something remembered was used instead of a look, so far. */
  readonly uses: number;
  forget(): void;
}

/** Whether the operator's key has been read, which may have failed. */
export interface OperatorKey {
  readonly known: boolean;
  refresh(): Promise<void>;
}

interface GatewayService {
  readonly remembered: Remembered;
  readonly operatorKey: OperatorKey;
  /** Is told of every request, so that a process that has to end answers first. */
  readonly drain: Pick<Drain, 'begin' | 'finish'>;
}

export type GatewayHandler = (event: GatewayEvent, context: LambdaContext) => Promise<GatewayResult>;

/** An HTTP API waits for an answer for 30 s, and cannot be told to wait longer. */
const GATEWAY_MS = 29_000;
/** For the answer's own way. */
const MARGIN_MS = 2000;
const LAST_MARGIN_MS = 1000;
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const MAY_BE_STALE: ReadonlySet<number> = new Set([400, 404]);
const UNAUTHENTICATED = 401;

const headerBytes = (headers: GatewayEvent['headers']): number =>
  Object.entries(headers ?? {}).reduce((sum, [name, value]) => sum + name.length + value.length, 0);

/** What node:http refuses by itself in the embedded server. */
const refusal = ({ headers }: GatewayEvent, target: string): ChasquiError | undefined => {
  if (target.length > LIMITS.uriBytes)
    return new ChasquiError('uri_too_long', `The address must be at most ${LIMITS.uriBytes} bytes.`);
  if (headerBytes(headers) > LIMITS.requestHeaderBytes)
    return new ChasquiError('headers_too_large', `The headers must be at most ${LIMITS.requestHeaderBytes} bytes.`);
  return undefined;
};

const askWithOperatorKey = async (
  operatorKey: OperatorKey,
  ask: () => Response | Promise<Response>,
): Promise<Response> => {
  await operatorKey.refresh();
  if (operatorKey.known) return ask();
  const why = 'The key cannot be judged now; try again in a moment.';
  return problemResponse(new ChasquiError('unavailable', why, { retryAfterSeconds: 1 }));
};

const tooLate = ({ requestContext }: GatewayEvent): Response =>
  problemResponse(
    new ChasquiError('timeout', 'There was no answer in time.', {
      sideEffects: SAFE.has(requestContext.http.method) ? 'none' : 'possible',
    }),
  );

/** What `answer` gives, which is told when to stop waiting; an answer of our own when it does not listen. */
const inTime = async (
  event: GatewayEvent,
  remainingMs: number,
  answer: (signal: AbortSignal) => Promise<Response>,
): Promise<Response> => {
  const controller = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const after = (marginMs: number, then: () => void): void => {
    timers.push(setTimeout(then, Math.max(0, Math.min(remainingMs, GATEWAY_MS) - marginMs)));
  };
  const late = new Promise<Response>((resolve) => after(LAST_MARGIN_MS, () => resolve(tooLate(event))));
  after(MARGIN_MS, () => controller.abort());
  try {
    return await Promise.race([answer(controller.signal), late]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
};

export const gatewayHandler = (
  app: Hono<EdgeEnv>,
  { remembered, operatorKey, drain }: GatewayService,
): GatewayHandler => {
  const answer = async (event: GatewayEvent, signal: AbortSignal): Promise<Response> => {
    const target = requestTarget(event);
    const refused = refusal(event, target);
    if (refused !== undefined) return problemResponse(refused);
    const usesBefore = remembered.uses;
    const ask = () => app.fetch(toRequest(event, target, signal), { target });
    const first = await ask();
    if (first.status === UNAUTHENTICATED && !operatorKey.known) return askWithOperatorKey(operatorKey, ask);
    if (!MAY_BE_STALE.has(first.status) || remembered.uses === usesBefore) return first;
    remembered.forget();
    return ask();
  };

  return async (event, context) => {
    drain.begin();
    try {
      return await toResult(await inTime(event, context.getRemainingTimeInMillis(), (signal) => answer(event, signal)));
    } finally {
      drain.finish();
    }
  };
};
