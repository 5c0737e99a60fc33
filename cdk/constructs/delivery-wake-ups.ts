import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { BusFunction } from './bus-function.ts';

const READ_STREAM = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
];
const COMMITS_PER_CALL = 1000;
/** The sweep finds what a call that failed has left. */
const RETRIES = 1;

/** What sets deliveries going: commits to topics that have subscriptions, and, for tries whose time has come, the clock. */
export class DeliveryWakeUps extends Construct {
  constructor(scope: Construct, id: string, table: TableV2, deliver: BusFunction) {
    super(scope, id);
    const eventSourceArn = table.tableStreamArn;
    if (eventSourceArn === undefined) throw new Error('The table has no stream.');
    deliver.allow(READ_STREAM, eventSourceArn);
    const commits = new EventSourceMapping(this, 'Commits', {
      target: deliver.lambda,
      eventSourceArn,
      startingPosition: StartingPosition.LATEST,
      batchSize: COMMITS_PER_CALL,
      retryAttempts: RETRIES,
      // A head that is marked so has subscriptions: a bus without any is never woken.
      filters: [FilterCriteria.filter({ dynamodb: { NewImage: { p: { N: FilterRule.isEqual('1') } } } })],
    });
    commits.node.addDependency(deliver);
    new Rule(this, 'Sweep', {
      description: 'Chasqui: deliveries whose time has come',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [
        new LambdaFunction(deliver.lambda, { event: RuleTargetInput.fromObject({ sweep: true }), retryAttempts: 0 }),
      ],
    });
  }
}
