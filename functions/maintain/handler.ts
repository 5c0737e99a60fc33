import { Drain } from '../../shared/http/drain.ts';
import type { GatewayEvent, LambdaContext } from '../../shared/http/lambda/gateway-event.ts';
import { gatewayHandler } from '../../shared/http/lambda/gateway-handler.ts';
import { openAwsMaintain } from '../../shared/runtime/aws-maintain.ts';
import { type ClockEvent, workByTheClock } from './by-the-clock.ts';
import { maintainRoutes } from './routes.ts';

const service = await openAwsMaintain(new Drain());
const answer = gatewayHandler(maintainRoutes(service), service);

/** A request comes through the gateway; anything else is the clock. */
export const handler = (event: GatewayEvent | ClockEvent, context: LambdaContext) =>
  'requestContext' in event
    ? answer(event, context)
    : workByTheClock(service, event, context.getRemainingTimeInMillis());
