import { createSubApp, type SubApp } from '../../shared/http/sub-app.ts';
import { groupHandlers } from './group-handlers.ts';
import { memberHandlers, type SubscribeService } from './member-handlers.ts';
import { streamHandlers } from './stream-handlers.ts';

/** Consumer groups, and streams. */
export const subscribeRoutes = (service: SubscribeService): SubApp =>
  createSubApp(service, { ...memberHandlers(service), ...groupHandlers(service), ...streamHandlers(service) });
