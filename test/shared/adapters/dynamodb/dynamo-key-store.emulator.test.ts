import { createDynamoKeyStore } from '../../../../shared/adapters/dynamodb/dynamo-key-store.ts';
import { describeKeyStore } from '../../../contracts/key-store.contract.ts';
import { DYNAMODBS, openTable } from '../../../emulator/dynamo-under-test.ts';

for (const { name } of DYNAMODBS) {
  describeKeyStore(name, async () => {
    const table = await openTable(name);
    return { store: createDynamoKeyStore(table), close: table.close };
  });
}
