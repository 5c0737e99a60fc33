import { createDynamoTopicRegistry } from '../../../../shared/adapters/dynamodb/dynamo-topic-registry.ts';
import { describeTopicRegistry } from '../../../contracts/topic-registry.contract.ts';
import { DYNAMODBS, openTable } from '../../../emulator/dynamo-under-test.ts';

for (const { name } of DYNAMODBS) {
  describeTopicRegistry(name, async () => {
    const table = await openTable(name);
    return { store: createDynamoTopicRegistry(table), close: table.close };
  });
}
