import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';

const variable = (name: string): string => `$context.${name}`;

/** One JSON object for each request. No header, query or body: keys and data are in them. */
export const ACCESS_LOG_FORMAT = AccessLogFormat.custom(
  JSON.stringify({
    requestId: variable('requestId'),
    time: variable('requestTimeEpoch'),
    ip: variable('identity.sourceIp'),
    route: variable('routeKey'),
    path: variable('path'),
    status: variable('status'),
    bytesOut: variable('responseLength'),
    latencyMs: variable('responseLatency'),
    functionMs: variable('integrationLatency'),
    functionError: variable('integrationErrorMessage'),
    error: variable('error.message'),
  }),
);
