import { sortedJson } from '../../lib/sorted-json.ts';
import type { Tenant, TenantRegistry } from '../../ports/tenant-registry.ts';
import { namedKey, TENANTS_PARTITION } from './keys.ts';
import { listNamed, putInstead, putNew, thingIn } from './named-items.ts';
import { type Item, Table, type TableOptions } from './table.ts';
import { writeIf } from './write-again.ts';

const fieldsOf = (tenant: Tenant): Item => ({ v: { S: sortedJson(tenant) } });

/** Tenants by id, in the operator's own partition: the only items whose key does not begin with a tenant. */
export const createDynamoTenantRegistry = (options: TableOptions): TenantRegistry => {
  const table = new Table(options);
  return {
    create: (tenant) => putNew(table, TENANTS_PARTITION, tenant.id, fieldsOf(tenant)),
    get: async (id) => thingIn<Tenant>(await table.get(namedKey(TENANTS_PARTITION, id))),
    list: async (page) => (await listNamed(table, TENANTS_PARTITION, page)).map((item) => thingIn<Tenant>(item)!),
    replace: (seen, next) => putInstead(table, TENANTS_PARTITION, next.id, seen, fieldsOf(next)),
    remove: (id) =>
      writeIf(table, () =>
        table.delete({ Key: { ...namedKey(TENANTS_PARTITION, id) }, ConditionExpression: 'attribute_exists(pk)' }),
      ),
  };
};
