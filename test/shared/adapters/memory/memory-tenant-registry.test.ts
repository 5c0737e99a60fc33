import { createMemoryTenantRegistry } from '../../../../shared/adapters/memory/memory-tenant-registry.ts';
import { describeTenantRegistry } from '../../../contracts/tenant-registry.contract.ts';

describeTenantRegistry('memory', async () => ({ store: createMemoryTenantRegistry(), close: async () => undefined }));
