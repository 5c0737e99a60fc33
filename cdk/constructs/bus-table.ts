import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, StreamViewType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { TABLE_SCHEMA } from '../../shared/contract/environment.ts';
import type { EventBusProps } from '../event-bus-props.ts';

/** The one table: heads, segments, small batches, registries and keys. Paid by the request, restorable to any second of 35 days. */
export class BusTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, props: EventBusProps) {
    super(scope, id);
    const { encryptionKey, removalPolicy = RemovalPolicy.RETAIN } = props;
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: TABLE_SCHEMA.partitionKey, type: AttributeType.STRING },
      sortKey: { name: TABLE_SCHEMA.sortKey, type: AttributeType.STRING },
      billing: Billing.onDemand(),
      // What wakes deliveries; whoever reads it sees what is asked for and nothing else.
      dynamoStream: StreamViewType.NEW_IMAGE,
      timeToLiveAttribute: TABLE_SCHEMA.timeToLive,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption:
        encryptionKey === undefined
          ? TableEncryptionV2.dynamoOwnedKey()
          : TableEncryptionV2.customerManagedKey(encryptionKey),
      deletionProtection: props.deletionProtection ?? removalPolicy === RemovalPolicy.RETAIN,
      removalPolicy,
    });
  }
}
