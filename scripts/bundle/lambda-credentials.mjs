/**
 * In a function's bundle this stands for `@aws-sdk/credential-provider-node`. Lambda gives a function the credentials of its role in
 * its environment, for as long as it lives; files, single sign-on and metadata servers are not there, and looking for them would be
 * a sixth of the bundle.
 */
const fromEnvironment = async () => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    const missing = new Error('There are no credentials in the environment.');
    throw Object.assign(missing, { name: 'CredentialsProviderError' });
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
  };
};

export const defaultProvider = () => fromEnvironment;
