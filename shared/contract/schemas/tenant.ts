import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { NAME, page, TIME } from './name.ts';
import { MAX_INTEGER } from './number.ts';

/** Contract section 2. Stored and enforced by a later version; until then only `null` (the deployment's default) is taken. */
export const QUOTA_NAMES = [
  'requestsPerSecond',
  'bytesInPerSecond',
  'bytesOutPerSecond',
  'topics',
  'partitions',
  'retainedBytes',
  'retentionMs',
  'groups',
  'subscriptions',
  'keys',
  'waiting',
] as const;

const QUOTA_RULE = 'is not enforced yet; leave it out or null';
const quotaShape = <Leaf extends z.ZodType>(leaf: Leaf) =>
  Object.fromEntries(QUOTA_NAMES.map((name) => [name, leaf])) as Record<(typeof QUOTA_NAMES)[number], Leaf>;

export const DISPLAY_NAME_RULE = `must be a text of 1 to ${LIMITS.keyNameLength} characters`;
export const DISPLAY_NAME = z
  .string({ error: DISPLAY_NAME_RULE })
  .min(1, { error: DISPLAY_NAME_RULE })
  .max(LIMITS.keyNameLength, { error: DISPLAY_NAME_RULE });

export const TENANT_SETTINGS = z
  .strictObject({
    name: DISPLAY_NAME.nullish(),
    quotas: z.strictObject(quotaShape(z.null({ error: QUOTA_RULE }).optional())).nullish(),
  })
  .meta({ id: 'TenantSettings' });

export const TENANT = z
  .strictObject({
    id: NAME,
    name: z.string(),
    quotas: z.strictObject(quotaShape(z.int().min(0).max(MAX_INTEGER).nullable())),
    createdAt: TIME,
  })
  .meta({ id: 'Tenant' });

export const TENANT_PAGE = page(TENANT).meta({ id: 'TenantPage' });
