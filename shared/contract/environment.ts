/** Names of the environment variables by which a deployment tells its functions where things are. CDK sets them, the runtime reads them. */
export const ENVIRONMENT = {
  /** The DynamoDB table. */
  table: 'CHASQUI_TABLE',
  /** The regional bucket of the batches. */
  bucket: 'CHASQUI_BUCKET',
  /** The buckets of the zones, separated by commas; their order is that of the bits of `BlobRef.zones`. Empty: none. */
  zoneBuckets: 'CHASQUI_ZONE_BUCKETS',
  /** Blobs up to this many bytes are items of the table. */
  inlineMaxBytes: 'CHASQUI_INLINE_MAX_BYTES',
  /** What a topic gets whose creator says nothing. */
  replicationFactor: 'CHASQUI_REPLICATION_FACTOR',
  /** The Secrets Manager secret that holds the operator's key. */
  operatorSecret: 'CHASQUI_OPERATOR_SECRET',
  /** The Secrets Manager secret under whose text the secrets of subscriptions are sealed. */
  vaultSecret: 'CHASQUI_VAULT_SECRET',
  /** `1`: webhooks may go to private addresses, with plain http; for emulators. */
  allowPrivateEndpoints: 'CHASQUI_ALLOW_PRIVATE_ENDPOINTS',
  /** The SQS queue that calls for a delivery when its time has come. */
  wakeUpQueue: 'CHASQUI_WAKE_UP_QUEUE',
  logLevel: 'CHASQUI_LOG',
  /** Tenants that get a metric of their own, separated by commas: a bounded list, as every value of a dimension costs. */
  meteredTenants: 'CHASQUI_METERED_TENANTS',
} as const;

export type EnvironmentName = (typeof ENVIRONMENT)[keyof typeof ENVIRONMENT];

/** Attributes of the table that its deployment has to name too. */
export const TABLE_SCHEMA = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since the epoch after which DynamoDB may delete the item. */
  timeToLive: 'ttl',
} as const;
