import { Drain } from '../../shared/http/drain.ts';
import type { GatewayEvent, LambdaContext } from '../../shared/http/lambda/gateway-event.ts';
import { gatewayHandler } from '../../shared/http/lambda/gateway-handler.ts';
import { openAwsMaintain } from '../../shared/runtime/aws-maintain.ts';
import { maintainRoutes, repairUntil } from './routes.ts';

const service = await openAwsMaintain(new Drain());
const answer = gatewayHandler(maintainRoutes(service), service);

/** A request comes through the gateway; anything else is the clock. */
export const handler = (event: GatewayEvent | { readonly requestContext?: undefined }, context: LambdaContext) =>
  event.requestContext === undefined
    ? repairUntil(service, context.getRemainingTimeInMillis())
    : answer(event, context);
