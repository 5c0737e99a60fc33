import type { GatewayEvent, LambdaContext } from './gateway-event.ts';
import type { GatewayHandler } from './gateway-handler.ts';

/** A function that is called through the gateway and otherwise too: what is no request is work, for so many milliseconds at most. */
export const requestOrEvent =
  <Event extends object, Result>(
    answer: GatewayHandler,
    work: (event: Event, remainingMs: number) => Promise<Result>,
  ) =>
  (event: GatewayEvent | Event, context: LambdaContext) =>
    isRequest(event) ? answer(event, context) : work(event, context.getRemainingTimeInMillis());

const isRequest = (event: object): event is GatewayEvent => 'requestContext' in event;
