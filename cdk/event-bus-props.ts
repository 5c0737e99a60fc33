import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { CorsPreflightOptions } from 'aws-cdk-lib/aws-apigatewayv2';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { FunctionName } from './constructs/function-name.ts';

/** What may be said about a bus. Everything has a default that suits a first deployment in production. */
export interface EventBusProps {
  /**
   * Zones that hold a copy of a topic's batches each. Zone ids (`use1-az4`) get an S3 Express One Zone directory bucket each; a number
   * gets as many plain regional buckets, for regions without Express and for emulators.
   * @default none: batches are in one regional bucket, which S3 itself keeps in three zones
   */
  readonly zones?: readonly string[] | number;
  /** Of topics whose creator says nothing; at most the number of zones. @default all zones, but 3 at most */
  readonly defaultReplicationFactor?: number;
  /**
   * How often every batch is looked at and missing copies are brought back. Each look asks each zone for each batch.
   * @default once a day, where there is more than one zone; `false`: on command only
   */
  readonly repairEvery?: Duration | false;
  /**
   * Batches up to this many bytes are items of the table: cheaper and faster than an object up to about 8 KB.
   * @default 4096
   */
  readonly inlineMaxBytes?: number;
  /** Requests a second over the whole API, and how many at once. @default 2000 a second, 1000 at once */
  readonly throttle?: { readonly rate: number; readonly burst: number };
  /** A name of your own for the API. @default the name that API Gateway gives */
  readonly domain?: {
    readonly name: string;
    /** In this region, for this name. */
    readonly certificate: ICertificate;
    /** Gets the alias record. @default no record; point the name at the output `DomainTarget` yourself */
    readonly hostedZone?: IHostedZone;
  };
  /** Answers to browsers of other origins. @default none */
  readonly cors?: CorsPreflightOptions;
  /** Alarms, and who is told. `false`: none. @default alarms that tell nobody; see them in CloudWatch */
  readonly alarms?: { readonly topic?: ITopic } | false;
  /** Tenants with metrics of their own. Each costs a few custom metrics a month. @default none */
  readonly meteredTenants?: readonly string[];
  /**
   * Encrypts table, buckets, queue and secret instead of the services' own keys. The stack has to say its region (`env`): a table's key
   * is one of a region.
   * @default the services' own keys
   */
  readonly encryptionKey?: IKey;
  /** Keep the table and the buckets when the stack goes. @default RETAIN */
  readonly removalPolicy?: RemovalPolicy;
  /** Refuse every deletion of the table until this is taken back. @default true where the table is retained */
  readonly deletionProtection?: boolean;
  /** @default one month */
  readonly logRetention?: RetentionDays;
  /** @default info */
  readonly logLevel?: 'error' | 'warn' | 'info' | 'debug';
  /** Memory in MB, by function; the share of a processor grows with it. @default 1024 each */
  readonly memorySize?: Readonly<Partial<Record<FunctionName, number>>>;
  /** Reserved concurrency, by function: a ceiling, and a guarantee. @default none */
  readonly reservedConcurrency?: Readonly<Partial<Record<FunctionName, number>>>;
  /** Webhooks may go to private addresses, with plain http. For emulators; never in an account. */
  readonly allowPrivateEndpoints?: boolean;
}
