import type { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { BusFunction } from './bus-function.ts';

export interface ClockCallProps {
  readonly description: string;
  readonly every: Duration;
  readonly called: BusFunction;
  /** What it is told. */
  readonly event: Readonly<Record<string, unknown>>;
}

/** The clock calls a function. Where it cannot be called the next call follows; where it fails, Lambda calls it twice more. */
export class ClockCall extends Construct {
  constructor(scope: Construct, id: string, { description, every, called, event }: ClockCallProps) {
    super(scope, id);
    new Rule(this, 'Rule', {
      description,
      schedule: Schedule.rate(every),
      targets: [new LambdaFunction(called.lambda, { event: RuleTargetInput.fromObject(event), retryAttempts: 0 })],
    });
  }
}
