import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../shared/contract/environment.ts';
import { BatchBuckets, type ZoneBucket } from './constructs/batch-buckets.ts';
import { BusAlarms } from './constructs/bus-alarms.ts';
import { BusApi } from './constructs/bus-api.ts';
import { BusDashboard } from './constructs/bus-dashboard.ts';
import { BusFunction } from './constructs/bus-function.ts';
import { BusQueues } from './constructs/bus-queues.ts';
import { BusTable } from './constructs/bus-table.ts';
import { ClockCall } from './constructs/clock-call.ts';
import { DeliveryWakeUps } from './constructs/delivery-wake-ups.ts';
import { FUNCTION_NAMES, type FunctionName } from './constructs/function-name.ts';
import { KEY_ACTIONS, PERMISSIONS } from './constructs/permissions.ts';
import type { EventBusProps } from './event-bus-props.ts';

const INLINE_MAX_BYTES = 4096;
const MOST_COPIES = 3;
const REPAIR_EVERY = Duration.days(1);
const RETENTION_EVERY = Duration.hours(1);
/** Letters and digits: some 285 bits. */
const OPERATOR_KEY_LENGTH = 48;

/**
 * An event bus in an account of your own: `new EventBus(this, 'Bus')`. A table, buckets, six functions and an HTTP API in front of
 * them; no server, and no charge for compute while nobody calls.
 */
export class EventBus extends Construct {
  /** Where clients go, without a slash at the end. */
  readonly url: string;
  /** Holds the operator's key. */
  readonly operatorKey: Secret;
  /** Under its text the secrets of subscriptions are sealed: without it they cannot be read. */
  readonly vaultKey: Secret;
  readonly table: TableV2;
  readonly bucket: Bucket;
  readonly zoneBuckets: readonly ZoneBucket[];
  readonly dashboardName: string;
  readonly functions: Readonly<Record<FunctionName, BusFunction>>;

  constructor(scope: Construct, id: string, props: EventBusProps = {}) {
    super(scope, id);
    const { table } = new BusTable(this, 'Table', props);
    const buckets = new BatchBuckets(this, 'Batches', props);
    this.table = table;
    this.bucket = buckets.regional;
    this.zoneBuckets = buckets.zones;
    this.operatorKey = this.#makeOperatorKey(props);
    this.vaultKey = this.#makeVaultKey(props);
    const queues = new BusQueues(this, 'Queues', props);
    const { deadLetters } = queues;
    this.functions = Object.fromEntries(
      FUNCTION_NAMES.map((name) => [name, this.#makeFunction(name, props, buckets, queues)]),
    ) as Record<FunctionName, BusFunction>;
    this.functions.deliver.allow(['secretsmanager:GetSecretValue'], this.vaultKey.secretArn);
    new DeliveryWakeUps(this, 'Deliveries', table, queues.wakeUps, this.functions.deliver);
    this.#scheduleRepair(props);
    this.#scheduleRetention();
    const { stage, url } = new BusApi(this, 'Api', props, this.functions);
    this.url = url;
    const watched = { functions: this.functions, stage, table, deadLetters };
    const alarms = props.alarms === false ? [] : new BusAlarms(this, 'Alarms', watched, props.alarms?.topic).all;
    this.dashboardName = new BusDashboard(this, 'Dashboard', watched, alarms).dashboard.dashboardName;
  }

  #makeFunction(name: FunctionName, props: EventBusProps, buckets: BatchBuckets, queues: BusQueues): BusFunction {
    const { table, objects } = PERMISSIONS[name];
    const made = new BusFunction(this, name, props, queues.deadLetters)
      .allow(table, this.table.tableArn)
      .allow(['secretsmanager:GetSecretValue'], this.operatorKey.secretArn);
    buckets.bind(made, objects);
    if (props.encryptionKey !== undefined) made.allow(KEY_ACTIONS, props.encryptionKey.keyArn);
    this.#setEnvironment(made, props, queues);
    return made;
  }

  #setEnvironment(made: BusFunction, props: EventBusProps, { wakeUps }: BusQueues): void {
    made
      .set(ENVIRONMENT.table, this.table.tableName)
      .set(ENVIRONMENT.bucket, this.bucket.bucketName)
      .set(ENVIRONMENT.zoneBuckets, this.zoneBuckets.map(({ name }) => name).join(','))
      .set(ENVIRONMENT.inlineMaxBytes, String(props.inlineMaxBytes ?? INLINE_MAX_BYTES))
      .set(ENVIRONMENT.replicationFactor, String(this.#replicationFactor(props)))
      .set(ENVIRONMENT.operatorSecret, this.operatorKey.secretArn)
      .set(ENVIRONMENT.vaultSecret, this.vaultKey.secretArn)
      .set(ENVIRONMENT.wakeUpQueue, wakeUps.queueUrl)
      .set(ENVIRONMENT.allowPrivateEndpoints, props.allowPrivateEndpoints === true ? '1' : '0')
      .set(ENVIRONMENT.logLevel, props.logLevel ?? 'info')
      .set(ENVIRONMENT.meteredTenants, (props.meteredTenants ?? []).join(','));
  }

  /** Copies that a lost zone, or an answer that did not wait for the slowest zone, has left missing come back without anybody asking. */
  #scheduleRepair({ repairEvery = REPAIR_EVERY }: EventBusProps): void {
    // With one zone there is nowhere to copy from, or to.
    if (repairEvery === false || this.zoneBuckets.length < 2) return;
    new ClockCall(this, 'Repair', {
      description: 'Chasqui: bring back the copies that are missing',
      every: repairEvery,
      called: this.functions.maintain,
      event: { repair: true },
    });
  }

  /** Not by option: DynamoDB deletes small batches by itself some time after, and nothing may lead to them any more by then. */
  #scheduleRetention(): void {
    new ClockCall(this, 'Retention', {
      description: 'Chasqui: remove what topics no longer keep',
      every: RETENTION_EVERY,
      called: this.functions.maintain,
      event: { retention: true },
    });
  }

  #replicationFactor({ defaultReplicationFactor }: EventBusProps): number {
    const zones = Math.max(1, this.zoneBuckets.length);
    const factor = defaultReplicationFactor ?? Math.min(zones, MOST_COPIES);
    if (factor >= 1 && factor <= zones && Number.isInteger(factor)) return factor;
    throw new Error(`defaultReplicationFactor must be a whole number from 1 to ${zones}, the number of zones.`);
  }

  #makeOperatorKey({ encryptionKey, removalPolicy = RemovalPolicy.RETAIN }: EventBusProps): Secret {
    const secret = new Secret(this, 'OperatorKey', {
      description: "Chasqui: the operator's key",
      generateSecretString: { passwordLength: OPERATOR_KEY_LENGTH, excludePunctuation: true },
      removalPolicy,
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'People and pipelines hold it; they rotate it when they are ready for the new one (docs/deploy.md).',
    });
    return secret;
  }

  #makeVaultKey({ encryptionKey, removalPolicy = RemovalPolicy.RETAIN }: EventBusProps): Secret {
    const secret = new Secret(this, 'VaultKey', {
      description: 'Chasqui: what seals the secrets of subscriptions',
      generateSecretString: { passwordLength: OPERATOR_KEY_LENGTH, excludePunctuation: true },
      removalPolicy,
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'What it has sealed can be opened with it alone: another one would lock out every subscription.',
    });
    return secret;
  }
}
