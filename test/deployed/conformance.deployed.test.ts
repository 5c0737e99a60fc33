import { describe } from 'vitest';
import { runConformanceTests } from '../conformance/run-conformance-tests.ts';
import { openDeployment } from './deployment.ts';

const deployment = await openDeployment();

describe('the deployed HTTP API', () => {
  runConformanceTests({
    ...deployment,
    lacks: ['zones', 'compaction', 'quotas', 'retention'],
    keyDeathMs: 60_000,
  });
});
