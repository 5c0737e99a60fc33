import { json } from '../../shared/http/answer.ts';
import type { Service } from '../../shared/http/service.ts';
import { createSubApp, type SubApp } from '../../shared/http/sub-app.ts';
import type { BlobRepair } from '../../shared/ports/blob-repair.ts';
import { repair } from '../../shared/tenancy/repair.ts';

export type MaintainService = Service & { readonly repairs: BlobRepair };

/** What the operator has done to the stores. */
export const maintainRoutes = (service: MaintainService): SubApp =>
  createSubApp(service, {
    repair: async ({ body }) => json(200, await repair(service, body.cursor)),
  });
