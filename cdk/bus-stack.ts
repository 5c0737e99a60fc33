import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EventBus } from './event-bus.ts';
import type { EventBusProps } from './event-bus-props.ts';

/** One bus, and what its users have to know as outputs. In whatever account and region the credentials are of. */
export class BusStack extends Stack {
  constructor(scope: Construct, id: string, props: EventBusProps) {
    super(scope, id, { description: 'Chasqui: a serverless multi-tenant event bus' });
    const bus = new EventBus(this, 'Bus', props);
    const outputs = {
      Url: bus.url,
      OperatorKeySecret: bus.operatorKey.secretArn,
      TableName: bus.table.tableName,
      BucketName: bus.bucket.bucketName,
      ZoneBucketNames: bus.zoneBuckets.map(({ name }) => name).join(',') || 'none',
      DashboardName: bus.dashboardName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
