import { createMemoryOffsetStore } from '../../shared/adapters/memory/memory-offset-store.ts';
import { describeOffsetStoreModel } from './offset-store-model.ts';

describeOffsetStoreModel(
  'memory',
  async () => ({ store: createMemoryOffsetStore(), close: async () => undefined }),
  150,
);
