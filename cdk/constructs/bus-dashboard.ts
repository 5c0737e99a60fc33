import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Watched } from './bus-alarms.ts';
import { FUNCTION_NAMES } from './function-name.ts';

const PERIOD = Duration.minutes(1);
const WIDTH = 8;

const graph = (title: string, left: IMetric[]): GraphWidget => new GraphWidget({ title, left, width: WIDTH });

/** One page: how much, how fast, how many failures, and what the table is charged. */
export class BusDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, watched: Watched, alarms: readonly IAlarm[]) {
    super(scope, id);
    const { functions, stage, table } = watched;
    const each = (make: (lambda: (typeof functions)['produce']['lambda'], name: string) => IMetric): IMetric[] =>
      FUNCTION_NAMES.map((name) => make(functions[name].lambda, name));
    const percentile = (p: number) => stage.metricLatency({ statistic: Stats.p(p), label: `p${p}`, period: PERIOD });
    this.dashboard = new Dashboard(this, 'Page', { defaultInterval: Duration.hours(3) });
    this.dashboard.addWidgets(
      graph(
        'Requests',
        each((lambda, label) => lambda.metricInvocations({ label, period: PERIOD })),
      ),
      graph('Latency of the API, ms', [percentile(50), percentile(99)]),
      graph('Answers 4xx and 5xx', [
        stage.metricClientError({ period: PERIOD }),
        stage.metricServerError({ period: PERIOD }),
      ]),
    );
    this.dashboard.addWidgets(
      graph(
        'p99 by function, ms',
        each((lambda, label) => lambda.metricDuration({ label, statistic: Stats.p(99), period: PERIOD })),
      ),
      graph('Errors and throttles', [
        ...each((lambda, name) => lambda.metricErrors({ label: `${name} errors`, period: PERIOD })),
        ...each((lambda, name) => lambda.metricThrottles({ label: `${name} throttles`, period: PERIOD })),
      ]),
      graph('Units of the table', [
        table.metricConsumedReadCapacityUnits({ period: PERIOD }),
        table.metricConsumedWriteCapacityUnits({ period: PERIOD }),
      ]),
    );
    if (alarms.length > 0) this.dashboard.addWidgets(new AlarmStatusWidget({ alarms: [...alarms], width: 3 * WIDTH }));
  }
}
