import { Drain } from '../../shared/http/drain.ts';
import { gatewayHandler } from '../../shared/http/lambda/gateway-handler.ts';
import { requestOrEvent } from '../../shared/http/lambda/request-or-event.ts';
import { openAwsPush } from '../../shared/runtime/aws-push.ts';
import { type WorkEvent, workFor } from '../../shared/runtime/aws-work.ts';
import { deliverRoutes } from './routes.ts';

const { service, worker } = await openAwsPush(new Drain());
const answer = gatewayHandler(deliverRoutes(service), service);
export const handler = requestOrEvent(answer, (event: WorkEvent, ms) => workFor(worker, event, ms));
