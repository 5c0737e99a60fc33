import { createDynamoOffsetStore } from '../../shared/adapters/dynamodb/dynamo-offset-store.ts';
import { createInlineBlobStore } from '../../shared/adapters/dynamodb/inline-blob-store.ts';
import { describeLogHistory } from '../properties/log-history.ts';
import { describeOffsetStoreModel } from '../properties/offset-store-model.ts';
import { DYNAMODBS, openTable } from './dynamo-under-test.ts';

for (const { name } of DYNAMODBS) {
  // Opened anew, a store has forgotten whatever the first one kept in memory.
  describeOffsetStoreModel(
    name,
    async () => {
      const table = await openTable(name);
      const open = () => createDynamoOffsetStore(table);
      return { store: open(), reopen: async () => open(), close: table.close };
    },
    10,
  );
  describeLogHistory(
    name,
    async () => {
      const table = await openTable(name);
      const open = () => ({ offsets: createDynamoOffsetStore(table), blobs: createInlineBlobStore(table) });
      return { store: open(), reopen: async () => open(), close: table.close };
    },
    10,
  );
}
