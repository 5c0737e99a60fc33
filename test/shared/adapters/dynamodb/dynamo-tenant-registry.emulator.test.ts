import { createDynamoTenantRegistry } from '../../../../shared/adapters/dynamodb/dynamo-tenant-registry.ts';
import { describeTenantRegistry } from '../../../contracts/tenant-registry.contract.ts';
import { DYNAMODBS, openTable } from '../../../emulator/dynamo-under-test.ts';

for (const { name } of DYNAMODBS) {
  describeTenantRegistry(name, async () => {
    const table = await openTable(name);
    return { store: createDynamoTenantRegistry(table), close: table.close };
  });
}
