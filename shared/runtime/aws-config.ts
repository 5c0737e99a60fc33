import { ENVIRONMENT, type EnvironmentName } from '../contract/environment.ts';
import { LOG_LEVELS, type LogLevel } from '../ports/log.ts';
import { StartError } from './start-error.ts';

/** What a deployment tells a function. Region, credentials and endpoint are the SDK's to find. */
export interface AwsConfig {
  readonly table: string;
  readonly bucket: string;
  /** In the order of the bits of `BlobRef.zones`. */
  readonly zoneBuckets: readonly string[];
  readonly inlineMaxBytes: number;
  readonly replicationFactor: number;
  readonly operatorSecret: string;
  /** Empty where the function has to do with no subscriptions. */
  readonly vaultSecret: string;
  readonly allowPrivateEndpoints: boolean;
  /** Its URL; empty where the function has to do with no deliveries. */
  readonly wakeUpQueue: string;
  readonly logLevel: LogLevel;
  readonly meteredTenants: readonly string[];
  /** Of an emulator, for all services. */
  readonly endpoint: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const required = (environment: Environment, name: EnvironmentName): string => {
  const value = environment[name];
  if (value === undefined || value === '') throw new StartError(`${name} is not set.`);
  return value;
};

const numberOf = (environment: Environment, name: EnvironmentName): number => {
  const text = required(environment, name);
  if (!/^\d{1,9}$/.test(text)) throw new StartError(`${name} must be a number.`);
  return Number(text);
};

const listOf = (environment: Environment, name: EnvironmentName): string[] =>
  (environment[name] ?? '').split(',').filter((item) => item !== '');

const logLevelOf = (environment: Environment): LogLevel => {
  const text = environment[ENVIRONMENT.logLevel] ?? 'info';
  const level = LOG_LEVELS.find((known) => known === text);
  if (level === undefined) throw new StartError(`${ENVIRONMENT.logLevel} must be one of ${LOG_LEVELS.join(', ')}.`);
  return level;
};

/** @throws {StartError} naming the variable at fault */
export const readAwsConfig = (
  // biome-ignore lint/style/noProcessEnv: a function's settings come from nowhere else; `config.ts` reads those of the embedded server.
  environment: Environment = process.env,
): AwsConfig => ({
  table: required(environment, ENVIRONMENT.table),
  bucket: required(environment, ENVIRONMENT.bucket),
  zoneBuckets: listOf(environment, ENVIRONMENT.zoneBuckets),
  inlineMaxBytes: numberOf(environment, ENVIRONMENT.inlineMaxBytes),
  replicationFactor: numberOf(environment, ENVIRONMENT.replicationFactor),
  operatorSecret: required(environment, ENVIRONMENT.operatorSecret),
  vaultSecret: environment[ENVIRONMENT.vaultSecret] ?? '',
  wakeUpQueue: environment[ENVIRONMENT.wakeUpQueue] ?? '',
  allowPrivateEndpoints: environment[ENVIRONMENT.allowPrivateEndpoints] === '1',
  logLevel: logLevelOf(environment),
  meteredTenants: listOf(environment, ENVIRONMENT.meteredTenants),
  endpoint: environment['AWS_ENDPOINT_URL'] || undefined,
});
