import { describe, expect, it } from 'vitest';
import { openDeployment, readStack } from '../../scripts/aws/deployment.ts';
import { runConformanceTests } from '../conformance/run-conformance-tests.ts';
import { itemKeys, objectKeys } from './stored-keys.ts';

const deployment = await openDeployment();

describe('the deployed HTTP API', () => {
  runConformanceTests({
    ...deployment,
    // The last two are the gateway's: it hands over a path that is decoded, and text that is UTF-8.
    lacks: ['streaming', 'compaction', 'quotas', 'encoded-slash', 'compressed-text'],
    atOnce: 8,
    // Docs: what a function remembers of a key is ten seconds old at most, and a busy machine takes its time.
    keyDeathMs: 20_000,
  });
});

describe('what the suite has stored', () => {
  /** A tenant, and what is kept of it. */
  const OF_A_TENANT = /^[A-Za-z0-9][\w.-]{0,127}\/./;

  it('begins with its tenant, but for what belongs to the operator', async () => {
    const keys = [...new Set(await itemKeys(readStack()))];
    expect(keys.length).toBeGreaterThan(0);
    const others = keys.filter(
      (key) => !OF_A_TENANT.test(key) && !/^_operator\/(subscriptions|remains|repair|sweep)$/.test(key),
    );
    expect(others).toEqual(['_operator/tenants']);
  });

  it('is below the tenant in every bucket too', async () => {
    const keys = await objectKeys(readStack());
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key) => !/^[A-Za-z0-9][\w.-]{0,127}\/[0-9a-f-]{36}$/.test(key))).toEqual([]);
  });
});
