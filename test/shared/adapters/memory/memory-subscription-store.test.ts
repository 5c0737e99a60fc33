import { MemorySubscriptionStore } from '../../../../shared/adapters/memory/memory-subscription-store.ts';
import { describeSubscriptionStore } from '../../../contracts/subscription-store.contract.ts';

describeSubscriptionStore('memory', async () => ({
  store: new MemorySubscriptionStore(),
  close: async () => undefined,
}));
