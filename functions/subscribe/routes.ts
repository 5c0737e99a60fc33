import type { Hono } from 'hono';
import type { EdgeEnv } from '../../shared/http/edge-request.ts';
import { createSubApp } from '../../shared/http/sub-app.ts';
import { groupHandlers } from './group-handlers.ts';
import { memberHandlers, type SubscribeService } from './member-handlers.ts';
import { streamHandlers } from './stream-handlers.ts';

/** Consumer groups, and streams. */
export const subscribeRoutes = (service: SubscribeService): Hono<EdgeEnv> =>
  createSubApp(service, { ...memberHandlers(service), ...groupHandlers(service), ...streamHandlers(service) });
