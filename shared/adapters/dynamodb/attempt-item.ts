import type { TenantId } from '../../contract/ids.ts';
import { sortedJson } from '../../lib/sorted-json.ts';
import type { Attempt } from '../../ports/subscription-store.ts';
import { deliveriesPartition, stringKey } from './keys.ts';
import { thingIn } from './named-items.ts';
import type { Item } from './table.ts';

/** What the sort key of an attempt begins with; its id follows, which sorts by time. */
export const ATTEMPT = 'a';

export const attemptItem = (tenant: TenantId, uid: string, attempt: Attempt): Item => ({
  ...stringKey(deliveriesPartition(tenant, uid), ATTEMPT + attempt.id),
  v: { S: sortedJson(attempt) },
});

export const attemptIn = (item: Item): Attempt => thingIn<Attempt>(item)!;
