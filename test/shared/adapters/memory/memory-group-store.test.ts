import { createMemoryGroupStore } from '../../../../shared/adapters/memory/memory-group-store.ts';
import { describeGroupStore } from '../../../contracts/group-store.contract.ts';

describeGroupStore('memory', async () => ({ store: createMemoryGroupStore(), close: async () => undefined }));
