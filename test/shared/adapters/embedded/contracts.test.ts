import { describeBlobStore } from '../../../contracts/blob-store.contract.ts';
import { describeGroupStore } from '../../../contracts/group-store.contract.ts';
import { describeKeyStore } from '../../../contracts/key-store.contract.ts';
import { describeOffsetStore } from '../../../contracts/offset-store.contract.ts';
import { describeSubscriptionStore } from '../../../contracts/subscription-store.contract.ts';
import { describeTenantRegistry } from '../../../contracts/tenant-registry.contract.ts';
import { describeTopicRegistry } from '../../../contracts/topic-registry.contract.ts';
import { openOne } from './support/test-folder.ts';

describeOffsetStore('embedded', () => openOne(({ offsets }) => offsets));
describeBlobStore('embedded', () => openOne(({ blobs }) => blobs));
describeTopicRegistry('embedded', () => openOne(({ topics }) => topics));
describeTenantRegistry('embedded', () => openOne(({ tenants }) => tenants));
describeKeyStore('embedded', () => openOne(({ keys }) => keys));
describeGroupStore('embedded', () => openOne(({ groups }) => groups));
describeSubscriptionStore('embedded', () => openOne(({ subscriptions }) => subscriptions));
