import { describe } from 'vitest';
import { runConformanceTests } from '../conformance/run-conformance-tests.ts';
import { openDeployment } from './deployment.ts';

const deployment = await openDeployment();

describe('the deployed HTTP API', () => {
  runConformanceTests({
    ...deployment,
    // The last two are the gateway's: it hands over a path that is decoded, and text that is UTF-8.
    lacks: ['compaction', 'quotas', 'retention', 'encoded-slash', 'compressed-text'],
    keyDeathMs: 60_000,
  });
});
