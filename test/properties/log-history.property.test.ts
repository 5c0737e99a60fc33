import { createMemoryBlobStore } from '../../shared/adapters/memory/memory-blob-store.ts';
import { createMemoryOffsetStore } from '../../shared/adapters/memory/memory-offset-store.ts';
import { openOne } from '../shared/adapters/embedded/support/test-folder.ts';
import { describeLogHistory } from './log-history.ts';

const inMemory = () => ({ offsets: createMemoryOffsetStore(), blobs: createMemoryBlobStore() });

describeLogHistory('memory', async () => ({ store: inMemory(), close: async () => undefined }), 100);
describeLogHistory('embedded', () => openOne(({ offsets, blobs }) => ({ offsets, blobs }), 'crashed'), 20);
