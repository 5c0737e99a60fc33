import { createMemoryTopicRegistry } from '../../../../shared/adapters/memory/memory-topic-registry.ts';
import { describeTopicRegistry } from '../../../contracts/topic-registry.contract.ts';

describeTopicRegistry('memory', async () => ({ store: createMemoryTopicRegistry(), close: async () => undefined }));
