import { Duration, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, RecursiveLoop, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EnvironmentName } from '../../shared/contract/environment.ts';
import type { EventBusProps } from '../event-bus-props.ts';
import { functionCode } from './function-code.ts';
import type { FunctionName } from './function-name.ts';
import { removalOfLogs } from './removal-of-logs.ts';

const MEMORY_MB = 1024;
/** An HTTP API waits 30 s for an answer; ours has to be there before. */
export const FUNCTION_TIMEOUT = Duration.seconds(29);
/** By the clock a repair goes through all that there is; its answers to requests are as quick as any. */
const TIMEOUTS: Readonly<Partial<Record<FunctionName, Duration>>> = { maintain: Duration.minutes(15) };

/** It has itself called by its queue as often as something has to be tried again; Lambda takes the sixteenth for a mistake, and drops it. */
const LOOPS: Readonly<Partial<Record<FunctionName, RecursiveLoop>>> = { deliver: RecursiveLoop.ALLOW };

/** A function with the defaults that all share, and a role that may do what it is granted and nothing else. */
export class BusFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly #role: Role;

  constructor(scope: Construct, name: FunctionName, props: EventBusProps, deadLetterQueue: IQueue) {
    super(scope, name);
    const logGroup = new LogGroup(this, 'Log', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: removalOfLogs(props),
    });
    this.#role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.#role);
    const reservedConcurrentExecutions = props.reservedConcurrency?.[name];
    this.lambda = new LambdaFunction(this, 'Function', {
      description: `Chasqui: ${name}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: functionCode(name),
      memorySize: props.memorySize?.[name] ?? MEMORY_MB,
      timeout: TIMEOUTS[name] ?? FUNCTION_TIMEOUT,
      role: this.#role,
      tracing: Tracing.ACTIVE,
      deadLetterQueue,
      logGroup,
      recursiveLoop: LOOPS[name] ?? RecursiveLoop.TERMINATE,
      ...(reservedConcurrentExecutions === undefined ? {} : { reservedConcurrentExecutions }),
    });
    this.acknowledge(
      'AwsSolutions-IAM5[Resource::*]',
      'X-Ray knows no resource to name; nothing else of this role is for all resources.',
    );
  }

  set(name: EnvironmentName, value: string): this {
    this.lambda.addEnvironment(name, value);
    return this;
  }

  /** Exactly these actions on exactly this resource. */
  allow(actions: readonly string[], ...resources: readonly string[]): this {
    if (actions.length === 0 || resources.length === 0) return this;
    this.#role.addToPrincipalPolicy(
      new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: [...resources] }),
    );
    return this;
  }

  /** Accepts a finding of cdk-nag about this function, for a reason. */
  acknowledge(id: string, reason: string): void {
    Validations.of(this).acknowledge({ id, reason });
  }
}
