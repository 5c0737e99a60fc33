import { createDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import type { TenantId } from '../../shared/contract/ids.ts';
import { ACCESS, DYNAMODBS, type DynamoDbName, openTable, type TableUnderTest } from './dynamo-under-test.ts';
import { Wire } from './wire.ts';

/** A table, and a client with a wire of its own; one thing at a time. */
export interface WiredTable extends TableUnderTest {
  readonly wire: Wire;
}

export const openWiredTable = async (name: DynamoDbName): Promise<WiredTable> => {
  const table = await openTable(name);
  const endpoint = DYNAMODBS.find((each) => each.name === name)!.endpoint();
  const [wire, client] = [new Wire(), createDynamoClient({ ...ACCESS, endpoint })];
  wire.attach(client);
  return {
    ...table,
    client,
    wire,
    close: async () => {
      client.destroy();
      await table.close();
    },
  };
};

let tenants = 0;

/**
 * The same store for a tenant that nobody else has, whatever its callers call it: a table is made once for many trials. For stores whose
 * every method takes the tenant first.
 */
export const ofFreshTenant = <Store extends object>(store: Store): Store & { readonly tenant: TenantId } => {
  tenants += 1;
  const tenant = `tenant-${tenants}` as TenantId;
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'tenant') return tenant;
      const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => method.apply(target, args.length === 0 ? args : [tenant, ...args.slice(1)]);
    },
  }) as Store & { readonly tenant: TenantId };
};
