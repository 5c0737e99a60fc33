import { afterAll, describe } from 'vitest';
import { ServerProcess } from '../support/server-process.ts';
import { runConformanceTests } from './run-conformance-tests.ts';

const server = await ServerProcess.start({ settings: { CHASQUI_ALLOW_PRIVATE_ENDPOINTS: '1' } });
afterAll(() => server.cleanup());

describe('the embedded server', () => {
  runConformanceTests({
    baseUrl: server.baseUrl,
    operatorKey: server.operatorKey,
    lacks: ['zones', 'compaction', 'quotas'],
    atOnce: 128,
    keyDeathMs: 1000,
  });
});
