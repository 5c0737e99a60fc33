import { Drain } from '../../shared/http/drain.ts';
import { gatewayHandler } from '../../shared/http/lambda/gateway-handler.ts';
import { requestOrEvent } from '../../shared/http/lambda/request-or-event.ts';
import { openAwsMaintain } from '../../shared/runtime/aws-maintain.ts';
import { type ClockEvent, workByTheClock } from './by-the-clock.ts';
import { maintainRoutes } from './routes.ts';

const service = await openAwsMaintain(new Drain());
const answer = gatewayHandler(maintainRoutes(service), service);
export const handler = requestOrEvent(answer, (event: ClockEvent, ms) => workByTheClock(service, event, ms));
