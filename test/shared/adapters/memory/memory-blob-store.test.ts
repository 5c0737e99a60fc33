import { createMemoryBlobStore } from '../../../../shared/adapters/memory/memory-blob-store.ts';
import { describeBlobStore } from '../../../contracts/blob-store.contract.ts';

describeBlobStore('memory', async () => ({ store: createMemoryBlobStore(), close: async () => undefined }));
