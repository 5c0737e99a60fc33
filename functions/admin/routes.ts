import type { Hono } from 'hono';
import type { EdgeEnv } from '../../shared/http/edge-request.ts';
import type { Service } from '../../shared/http/service.ts';
import { createSubApp } from '../../shared/http/sub-app.ts';
import { keyHandlers } from './key-handlers.ts';
import { serviceHandlers } from './service-handlers.ts';
import { tenantHandlers } from './tenant-handlers.ts';
import { topicHandlers } from './topic-handlers.ts';

/** Tenants, keys, topics, and what the service says of itself. */
export const adminRoutes = (service: Service): Hono<EdgeEnv> =>
  createSubApp(service, {
    ...topicHandlers(service),
    ...tenantHandlers(service),
    ...keyHandlers(service),
    ...serviceHandlers(service),
  });
