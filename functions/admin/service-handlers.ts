import { LIMITS } from '../../shared/contract/limits.ts';
import { openApiDocument } from '../../shared/contract/openapi.ts';
import { json } from '../../shared/http/answer.ts';
import type { Handlers } from '../../shared/http/edge-request.ts';
import type { Service } from '../../shared/http/service.ts';
import type { Principal } from '../../shared/tenancy/principal.ts';

const whoIs = (principal: Principal) =>
  principal.kind === 'operator'
    ? { kind: 'operator', keyId: principal.keyId, scopes: [] }
    : { kind: 'tenant', tenant: principal.tenant, keyId: principal.keyId, scopes: principal.scopes };

export const serviceHandlers = (service: Service) => {
  const health = json(200, { status: 'ok', version: service.version });
  const limits = json(200, { ...LIMITS, zones: service.deployment.zones });
  let document: ReturnType<typeof json> | undefined;
  return {
    healthz: () => health,
    limits: () => limits,
    whoami: ({ principal }) => json(200, whoIs(principal)),
    openapi: () => {
      document ??= json(200, openApiDocument(service.version));
      return document;
    },
  } satisfies Handlers;
};
