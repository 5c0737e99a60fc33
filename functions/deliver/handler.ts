import { Drain } from '../../shared/http/drain.ts';
import type { GatewayEvent, LambdaContext } from '../../shared/http/lambda/gateway-event.ts';
import { gatewayHandler } from '../../shared/http/lambda/gateway-handler.ts';
import { openAwsPush } from '../../shared/runtime/aws-push.ts';
import { type WorkEvent, workFor } from '../../shared/runtime/aws-work.ts';
import { deliverRoutes } from './routes.ts';

const { service, worker } = await openAwsPush(new Drain());
const answer = gatewayHandler(deliverRoutes(service), service);

/** A request comes through the gateway; anything else, commits, messages or the clock, is a call to work. */
export const handler = (event: GatewayEvent | WorkEvent, context: LambdaContext) =>
  event.requestContext === undefined
    ? workFor(worker, event, context.getRemainingTimeInMillis())
    : answer(event, context);
