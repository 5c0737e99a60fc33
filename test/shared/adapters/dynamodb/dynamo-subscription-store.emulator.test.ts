import { createDynamoSubscriptionStore } from '../../../../shared/adapters/dynamodb/dynamo-subscription-store.ts';
import { describeSubscriptionStore } from '../../../contracts/subscription-store.contract.ts';
import { DYNAMODBS, openTable } from '../../../emulator/dynamo-under-test.ts';

for (const { name } of DYNAMODBS) {
  describeSubscriptionStore(name, async () => {
    const table = await openTable(name);
    return { store: createDynamoSubscriptionStore(table), close: table.close };
  });
}
