import { createMemoryKeyStore } from '../../../../shared/adapters/memory/memory-key-store.ts';
import { describeKeyStore } from '../../../contracts/key-store.contract.ts';

describeKeyStore('memory', async () => ({ store: createMemoryKeyStore(), close: async () => undefined }));
