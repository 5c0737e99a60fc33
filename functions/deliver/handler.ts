import { Drain } from '../../shared/http/drain.ts';
import type { GatewayEvent, LambdaContext } from '../../shared/http/lambda/gateway-event.ts';
import { gatewayHandler } from '../../shared/http/lambda/gateway-handler.ts';
import { openAwsPush, workFor } from '../../shared/runtime/aws-push.ts';
import { deliverRoutes } from './routes.ts';

const service = await openAwsPush(new Drain());
const answer = gatewayHandler(deliverRoutes(service), service);

/** A request comes through the gateway; anything else, a batch of commits or the clock, is a call to work. */
export const handler = (event: GatewayEvent | { readonly requestContext?: undefined }, context: LambdaContext) =>
  event.requestContext === undefined ? workFor(service, context.getRemainingTimeInMillis()) : answer(event, context);
