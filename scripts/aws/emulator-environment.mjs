const REGION = 'us-east-1';
/** The account of every emulator that answers as LocalStack does. */
const ACCOUNT = '000000000000';

/** What the CDK and the AWS SDK need to find an emulator and nothing else: no account of yours is ever asked. */
export const emulatorEnvironment = (endpoint) => {
  const { AWS_PROFILE: _profile, AWS_SESSION_TOKEN: _token, ...environment } = process.env;
  return {
    ...environment,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    CDK_DEFAULT_ACCOUNT: ACCOUNT,
    CDK_DEFAULT_REGION: REGION,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION: '1',
  };
};
