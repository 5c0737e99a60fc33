import { createDynamoGroupStore } from '../../../../shared/adapters/dynamodb/dynamo-group-store.ts';
import { describeGroupStore } from '../../../contracts/group-store.contract.ts';
import { DYNAMODBS, openTable } from '../../../emulator/dynamo-under-test.ts';

for (const { name } of DYNAMODBS) {
  describeGroupStore(name, async () => {
    const table = await openTable(name);
    return { store: createDynamoGroupStore(table), close: table.close };
  });
}
