import type { Service } from '../../shared/http/service.ts';
import { createSubApp, type SubApp } from '../../shared/http/sub-app.ts';
import { keyHandlers } from './key-handlers.ts';
import { serviceHandlers } from './service-handlers.ts';
import { tenantHandlers } from './tenant-handlers.ts';
import { topicHandlers } from './topic-handlers.ts';

/** Tenants, keys, topics, and what the service says of itself. */
export const adminRoutes = (service: Service): SubApp =>
  createSubApp(service, {
    ...topicHandlers(service),
    ...tenantHandlers(service),
    ...keyHandlers(service),
    ...serviceHandlers(service),
  });
