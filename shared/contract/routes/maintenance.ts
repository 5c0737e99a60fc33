import { LIMITS } from '../limits.ts';
import type { Route } from '../route.ts';
import { REPAIR, REPAIR_REPORT } from '../schemas/maintenance.ts';
import { NO_QUERY } from '../schemas/query.ts';

export const MAINTENANCE_ROUTES = {
  repair: {
    function: 'maintain',
    tag: 'Service',
    credential: 'operator',
    method: 'POST',
    path: '/v1/repair',
    query: NO_QUERY,
    body: { kind: 'json', schema: REPAIR, maxBytes: LIMITS.metadataRequestBytes, example: {} },
    summary: 'Bring back the copies that a lost zone has left missing',
    description:
      'Looks at the batches of every topic for some seconds and copies them to further zones until each has its `replicationFactor`. Go on ' +
      'with `nextCursor` until it is null. Records are produced and read meanwhile.',
    answers: {
      200: {
        description: 'What was found and done.',
        schema: REPAIR_REPORT,
        example: { checked: 120, copied: 40, short: 0, unreadable: 0, nextCursor: null },
      },
    },
    errors: ['invalid_json', 'payload_too_large', 'unsupported_media_type', 'invalid_cursor'],
  },
} as const satisfies Record<string, Route>;
