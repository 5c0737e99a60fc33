import type { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { BusFunction } from './bus-function.ts';

/** Copies that a lost zone, or an answer that did not wait for the slowest zone, has left missing come back without anybody asking. */
export class RepairSchedule extends Construct {
  constructor(scope: Construct, id: string, every: Duration, maintain: BusFunction) {
    super(scope, id);
    new Rule(this, 'Rule', {
      description: 'Chasqui: bring back the copies that are missing',
      schedule: Schedule.rate(every),
      // One that fails is followed by the next.
      targets: [
        new LambdaFunction(maintain.lambda, { event: RuleTargetInput.fromObject({ repair: true }), retryAttempts: 0 }),
      ],
    });
  }
}
