import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAwsLog } from '../../../shared/runtime/aws-log.ts';

const REQUEST = { requestId: 'r-1', method: 'POST', path: '/v1/topics/t/records', status: 200, durationMs: 12.5 };

interface Line {
  readonly _aws?: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

describe('createAwsLog', () => {
  const lines: Line[] = [];
  const catchLine = (text: unknown): boolean => lines.push(JSON.parse(String(text)) as Line) > 0;

  beforeEach(() => {
    lines.length = 0;
    // Powertools writes through a console of its own unless it is told that somebody develops.
    vi.stubEnv('POWERTOOLS_DEV', 'true');
    vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
      vi.spyOn(console, method).mockImplementation((text) => void catchLine(text));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  const log = (meteredTenants: string[] = []) =>
    createAwsLog({ functionName: 'produce', level: 'info', meteredTenants });
  const dimensions = () => lines[0]?._aws?.CloudWatchMetrics[0]?.Dimensions[0];

  it('writes a request as one line that is its metrics too', () => {
    log().write('info', 'request', { ...REQUEST, tenant: 'acme', bytesIn: 7, bytesOut: 40 });
    expect(lines).toHaveLength(1);
    const [line] = lines;
    expect(line?._aws?.CloudWatchMetrics[0]).toMatchObject({
      Namespace: 'Chasqui',
      Metrics: [
        { Name: 'durationMs', Unit: 'Milliseconds' },
        { Name: 'bytesIn', Unit: 'Bytes' },
        { Name: 'bytesOut', Unit: 'Bytes' },
        { Name: 'serverErrors', Unit: 'Count' },
      ],
    });
    expect(line).toMatchObject({ service: 'produce', requestId: 'r-1', status: '200', durationMs: 12.5, bytesIn: 7 });
  });

  it('has no dimension for the tenant where none is metered', () => {
    log().write('info', 'request', { ...REQUEST, tenant: 'acme' });
    expect(dimensions()).toEqual(['service']);
  });

  it('gives the tenants that are metered a dimension, and all others one together', () => {
    for (const tenant of ['acme', 'globex']) {
      lines.length = 0;
      log(['acme']).write('info', 'request', { ...REQUEST, tenant });
      expect(dimensions()).toEqual(['service', 'meteredTenant']);
      expect(lines).toEqual([expect.objectContaining({ tenant, meteredTenant: tenant === 'acme' ? 'acme' : 'other' })]);
    }
  });

  it('writes what a failure came from beside its metrics', () => {
    log().write('error', 'request', { ...REQUEST, status: 500, cause: new Error('the reason') });
    expect(lines).toHaveLength(2);
    expect(lines.find((line) => line._aws !== undefined)).toMatchObject({ serverErrors: 1 });
    expect(JSON.stringify(lines.find((line) => line._aws === undefined))).toContain('the reason');
  });

  it('is silent below its level', () => {
    createAwsLog({ functionName: 'produce', level: 'error', meteredTenants: [] }).write('info', 'request', REQUEST);
    expect(lines).toEqual([]);
  });
});
