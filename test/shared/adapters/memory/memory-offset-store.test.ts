import { createMemoryOffsetStore } from '../../../../shared/adapters/memory/memory-offset-store.ts';
import { describeOffsetStore } from '../../../contracts/offset-store.contract.ts';

describeOffsetStore('memory', async () => ({ store: createMemoryOffsetStore(), close: async () => undefined }));
