import { createDynamoOffsetStore } from '../../../../shared/adapters/dynamodb/dynamo-offset-store.ts';
import { describeOffsetStore } from '../../../contracts/offset-store.contract.ts';
import { DYNAMODBS, openTable } from '../../../emulator/dynamo-under-test.ts';

for (const { name } of DYNAMODBS) {
  describeOffsetStore(name, async () => {
    const table = await openTable(name);
    const open = () => createDynamoOffsetStore(table);
    // Opened anew, a store has forgotten whatever the first one kept in memory.
    return { store: open(), reopen: async () => open(), close: table.close };
  });
}
