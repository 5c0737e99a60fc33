import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EventBusProps } from '../event-bus-props.ts';
import { FUNCTION_TIMEOUT } from './bus-function.ts';

/** As AWS advises for a function: what is being worked on must not come a second time meanwhile. */
const VISIBILITY = Duration.seconds(6 * FUNCTION_TIMEOUT.toSeconds());
/** A message waits 15 minutes at most, and the sweep finds what it was about in any case. */
const KEPT = Duration.hours(2);
const TRIES = 3;

/** Encrypted, and over TLS only. */
const guarded = ({ encryptionKey, removalPolicy = RemovalPolicy.RETAIN }: EventBusProps): QueueProps => ({
  enforceSSL: true,
  removalPolicy,
  ...(encryptionKey === undefined
    ? { encryption: QueueEncryption.SQS_MANAGED }
    : { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }),
});

/** The calls for deliveries whose time has come, and what no function could process. */
export class BusQueues extends Construct {
  readonly deadLetters: Queue;
  readonly wakeUps: Queue;

  constructor(scope: Construct, id: string, props: EventBusProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', guarded(props));
    Validations.of(this.deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is the dead-letter queue itself.',
    });
    this.wakeUps = new Queue(this, 'WakeUps', {
      ...guarded(props),
      // Nothing is in it that is not in the table.
      removalPolicy: RemovalPolicy.DESTROY,
      visibilityTimeout: VISIBILITY,
      retentionPeriod: KEPT,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: TRIES },
    });
  }
}
