import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { LOG_LEVELS, type Log, type LogFields, type LogLevel } from '../ports/log.ts';

export interface AwsLogOptions {
  readonly functionName: string;
  readonly level: LogLevel;
  /** Tenants with metrics of their own; every other one shares a dimension. */
  readonly meteredTenants: readonly string[];
}

const NAMESPACE = 'Chasqui';
/** Not `tenant`: that is the field of the line that says who it was, metered or not. */
const TENANT_DIMENSION = 'meteredTenant';
const OTHER_TENANTS = 'other';
const POWERTOOLS_LEVELS = { error: 'ERROR', warn: 'WARN', info: 'INFO', debug: 'DEBUG' } as const;
const LOWEST_ERROR_STATUS = 500;

const METRICS = { durationMs: MetricUnit.Milliseconds, bytesIn: MetricUnit.Bytes, bytesOut: MetricUnit.Bytes } as const;

/** The tenant as a metric's dimension: every value costs by the month, so that only those that were named have one. */
const dimensionOf = (tenant: unknown, metered: readonly string[]): string =>
  typeof tenant === 'string' && metered.includes(tenant) ? tenant : OTHER_TENANTS;

/**
 * Structured lines on standard output, for CloudWatch. A request is one line that is its log and its metrics at once (Embedded Metric
 * Format): CloudWatch bills by the byte, and two lines would cost more than the request.
 */
export const createAwsLog = ({ functionName, level, meteredTenants }: AwsLogOptions): Log => {
  const logger = new Logger({ serviceName: functionName, logLevel: POWERTOOLS_LEVELS[level] });
  const metrics = new Metrics({ namespace: NAMESPACE, serviceName: functionName });
  const threshold = LOG_LEVELS.indexOf(level);
  const enabled = (asked: LogLevel): boolean => LOG_LEVELS.indexOf(asked) <= threshold;

  const writeRequest = (fields: LogFields): void => {
    if (meteredTenants.length > 0)
      metrics.addDimension(TENANT_DIMENSION, dimensionOf(fields['tenant'], meteredTenants));
    for (const [name, unit] of Object.entries(METRICS)) metrics.addMetric(name, unit, Number(fields[name] ?? 0));
    metrics.addMetric('serverErrors', MetricUnit.Count, Number(fields['status']) >= LOWEST_ERROR_STATUS ? 1 : 0);
    for (const [name, value] of Object.entries(fields)) {
      if (!(name in METRICS) && name !== 'cause' && value !== undefined) metrics.addMetadata(name, String(value));
    }
    metrics.publishStoredMetrics();
  };
  return {
    enabled,
    write: (asked, event, fields) => {
      if (!enabled(asked)) return;
      if (event === 'request') writeRequest(fields);
      if (event !== 'request' || fields['cause'] !== undefined) logger[asked](event, { ...fields });
    },
  };
};
