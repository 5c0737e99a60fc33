import { json } from '../../shared/http/answer.ts';
import type { Service } from '../../shared/http/service.ts';
import { createSubApp, type SubApp } from '../../shared/http/sub-app.ts';
import type { BlobRepair } from '../../shared/ports/blob-repair.ts';
import { repair } from '../../shared/tenancy/repair.ts';
import { type RepairTurn, repairInTurns } from '../../shared/tenancy/repair-in-turns.ts';

export type MaintainService = Service & { readonly repairs: BlobRepair };

/** For what comes behind the last page. */
const MARGIN_MS = 5000;

/** What the clock has done to the stores, as long as the function may take. */
export const repairUntil = async (service: RepairTurn, remainingMs: number): Promise<void> => {
  await repairInTurns(service, service.clock.now() + remainingMs - MARGIN_MS);
};

/** What the operator has done to the stores. */
export const maintainRoutes = (service: MaintainService): SubApp =>
  createSubApp(service, {
    repair: async ({ body }) => json(200, await repair(service, body.cursor)),
  });
