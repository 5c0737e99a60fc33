import { Duration } from 'aws-cdk-lib';
import type { HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { BusFunction } from './bus-function.ts';
import type { FunctionName } from './function-name.ts';

const PERIOD = Duration.minutes(5);
const SLOW_PRODUCE_MS = 2000;
const RUNBOOK = 'docs/deploy.md, "When an alarm goes off"';

export interface Watched {
  readonly functions: Readonly<Record<FunctionName, BusFunction>>;
  readonly stage: HttpStage;
  readonly table: TableV2;
  readonly deadLetters: IQueue;
}

/** DynamoDB counts its errors by operation. */
const systemErrors = (table: TableV2): IMetric => {
  const operations = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems'];
  const metrics = operations.map((Operation, at): [string, IMetric] => [
    `m${at}`,
    new Metric({
      namespace: 'AWS/DynamoDB',
      metricName: 'SystemErrors',
      dimensionsMap: { TableName: table.tableName, Operation },
      statistic: Stats.SUM,
      period: PERIOD,
    }),
  ]);
  return new MathExpression({
    expression: 'SUM(METRICS())',
    usingMetrics: Object.fromEntries(metrics),
    period: PERIOD,
  });
};

const throttles = (functions: Watched['functions']): IMetric => {
  const usingMetrics = Object.fromEntries(
    Object.entries(functions).map(([name, { lambda }]) => [name, lambda.metricThrottles({ period: PERIOD })]),
  );
  return new MathExpression({ expression: 'SUM(METRICS())', usingMetrics, period: PERIOD });
};

/** What somebody should look at, and where it says what to do. */
export class BusAlarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, watched: Watched, topic: ITopic | undefined) {
    super(scope, id);
    const { produce } = watched.functions;
    this.all = [
      this.#alarm('ProduceErrors', 'Produce fails', produce.lambda.metricErrors({ period: PERIOD }), 1, 1),
      this.#alarm(
        'ProduceP99',
        'Produce is slow: 99 in 100 took over 2 s for 15 minutes',
        produce.lambda.metricDuration({ period: PERIOD, statistic: Stats.p(99) }),
        SLOW_PRODUCE_MS,
        3,
      ),
      this.#alarm('ServerErrors', 'The API answers 5xx', watched.stage.metricServerError({ period: PERIOD }), 5, 1),
      this.#alarm('Throttles', 'Functions are throttled', throttles(watched.functions), 1, 1),
      this.#alarm(
        'DeadLetters',
        'The dead-letter queue is not empty',
        watched.deadLetters.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM }),
        1,
        1,
      ),
      this.#alarm('TableErrors', 'DynamoDB has errors of its own', systemErrors(watched.table), 5, 1),
    ];
    if (topic !== undefined) for (const alarm of this.all) alarm.addAlarmAction(new SnsAction(topic));
  }

  #alarm(id: string, what: string, metric: IMetric, threshold: number, evaluationPeriods: number): Alarm {
    return new Alarm(this, id, {
      alarmDescription: `${what}. What to do: ${RUNBOOK}.`,
      metric,
      threshold,
      evaluationPeriods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
