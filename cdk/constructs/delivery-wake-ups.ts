import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { BusFunction } from './bus-function.ts';
import { ClockCall } from './clock-call.ts';

const READ_STREAM = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
];
const CONSUME = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const COMMITS_PER_CALL = 1000;
/** Of one shard side by side, as many as there may be: whoever waits for a slow endpoint holds up few others. */
const CALLS_PER_SHARD = 10;
/** The sweep finds what a call that failed has left. */
const RETRIES = 1;
const MESSAGES_PER_CALL = 10;

/** What sets deliveries going: commits to topics that have subscriptions, messages whose time has come, and, for what those missed, the clock. */
export class DeliveryWakeUps extends Construct {
  constructor(scope: Construct, id: string, table: TableV2, wakeUps: Queue, deliver: BusFunction) {
    super(scope, id);
    this.#byCommits(table, deliver);
    this.#byMessages(wakeUps, deliver);
    new ClockCall(this, 'Sweep', {
      description: 'Chasqui: deliveries whose time has come',
      every: Duration.minutes(1),
      called: deliver,
      event: { sweep: true },
    });
  }

  #byCommits({ tableStreamArn }: TableV2, deliver: BusFunction): void {
    if (tableStreamArn === undefined) throw new Error('The table has no stream.');
    deliver.allow(READ_STREAM, tableStreamArn);
    const commits = new EventSourceMapping(this, 'Commits', {
      target: deliver.lambda,
      eventSourceArn: tableStreamArn,
      startingPosition: StartingPosition.LATEST,
      batchSize: COMMITS_PER_CALL,
      parallelizationFactor: CALLS_PER_SHARD,
      retryAttempts: RETRIES,
      // A head that is marked so has subscriptions: a bus without any is never woken.
      filters: [FilterCriteria.filter({ dynamodb: { NewImage: { p: { N: FilterRule.isEqual('1') } } } })],
    });
    commits.node.addDependency(deliver);
  }

  #byMessages({ queueArn }: Queue, deliver: BusFunction): void {
    deliver.allow(['sqs:SendMessage', ...CONSUME], queueArn);
    const messages = new EventSourceMapping(this, 'Messages', {
      target: deliver.lambda,
      eventSourceArn: queueArn,
      batchSize: MESSAGES_PER_CALL,
      reportBatchItemFailures: true,
    });
    messages.node.addDependency(deliver);
  }
}
