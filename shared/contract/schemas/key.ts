import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { ACTIONS } from '../scope.ts';
import { NAME, page, TIME } from './name.ts';
import { integer } from './number.ts';
import { DISPLAY_NAME } from './tenant.ts';

const PATTERN_RULE = 'must be a topic name, "prefix*" or "*"';
const ACTIONS_RULE = `must be a list of one or more of ${ACTIONS.join(', ')}`;
const TOPICS_RULE = `must be a list of 1 to ${LIMITS.topicsPerScope} topic patterns`;
const SCOPES_RULE = `must be a list of 1 to ${LIMITS.scopesPerKey} scopes`;

const TOPIC_PATTERN = z
  .string({ error: PATTERN_RULE })
  .regex(/^(?:\*|[A-Za-z0-9][A-Za-z0-9._-]{0,126}\*|[A-Za-z0-9][A-Za-z0-9._-]{0,127})$/, { error: PATTERN_RULE });

export const SCOPE = z
  .strictObject({
    actions: z
      .array(z.enum(ACTIONS, { error: `must be one of ${ACTIONS.join(', ')}` }), { error: ACTIONS_RULE })
      .min(1, { error: ACTIONS_RULE })
      .max(ACTIONS.length, { error: ACTIONS_RULE }),
    topics: z
      .array(TOPIC_PATTERN, { error: TOPICS_RULE })
      .min(1, { error: TOPICS_RULE })
      .max(LIMITS.topicsPerScope, { error: TOPICS_RULE }),
  })
  .meta({ id: 'Scope' });

const SCOPES = z.array(SCOPE, { error: SCOPES_RULE }).min(1, { error: SCOPES_RULE }).max(LIMITS.scopesPerKey, {
  error: SCOPES_RULE,
});

const EXPIRY_RULE = { error: 'must be a time as RFC 3339 writes it, such as 2030-01-31T12:00:00Z' };

export const NEW_KEY = z
  .strictObject({
    name: DISPLAY_NAME,
    scopes: SCOPES,
    expiresAt: z.iso.datetime({ offset: true, ...EXPIRY_RULE }).nullish(),
  })
  .meta({ id: 'NewKey' });

export const ROTATION = z
  .strictObject({ overlapMs: integer(0, LIMITS.rotationOverlapMs).nullish() })
  .meta({ id: 'Rotation' });

const KEY_FIELDS = {
  id: NAME,
  name: z.string(),
  scopes: z.array(SCOPE),
  createdAt: TIME,
  expiresAt: TIME.nullable(),
};

export const KEY = z.strictObject(KEY_FIELDS).meta({ id: 'Key' });
/** The secret is in this answer and in no other. */
export const KEY_WITH_SECRET = z.strictObject({ ...KEY_FIELDS, key: z.string() }).meta({ id: 'KeyWithSecret' });
export const KEY_PAGE = page(KEY).meta({ id: 'KeyPage' });

export const WHOAMI = z
  .strictObject({
    kind: z.enum(['operator', 'tenant']),
    tenant: NAME.optional(),
    keyId: z.string(),
    scopes: z.array(SCOPE),
  })
  .meta({ id: 'Whoami' });
