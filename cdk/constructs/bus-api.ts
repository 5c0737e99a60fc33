import { CfnOutput, Validations } from 'aws-cdk-lib';
import {
  ApiMapping,
  type CfnStage,
  DomainName,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ARecord, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { EventBusProps } from '../event-bus-props.ts';
import { ACCESS_LOG_FORMAT } from './access-log-format.ts';
import { type ApiRoute, apiRoutes } from './api-routes.ts';
import type { BusFunction } from './bus-function.ts';
import type { FunctionName } from './function-name.ts';
import { removalOfLogs } from './removal-of-logs.ts';

const THROTTLE = { rate: 2000, burst: 1000 };
/** Whoever tries paths that do not exist is slowed down long before the others are. */
const UNKNOWN_PATHS = { rate: 50, burst: 50 };

/**
 * The HTTP API: a route for each row of the contract's table, to its own function. What no route matches goes to `admin`, which
 * answers 401, 404 or 405 with problem details; the gateway's own 404 would have none.
 */
export class BusApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;
  readonly url: string;
  readonly #integrations = new Map<FunctionName, HttpLambdaIntegration>();

  constructor(
    scope: Construct,
    id: string,
    props: EventBusProps,
    functions: Readonly<Record<FunctionName, BusFunction>>,
  ) {
    super(scope, id);
    this.api = new HttpApi(this, 'Http', {
      description: 'Chasqui',
      createDefaultStage: false,
      disableExecuteApiEndpoint: props.domain !== undefined,
      ...(props.cors === undefined ? {} : { corsPreflight: props.cors }),
    });
    for (const route of apiRoutes()) this.#addRoute(route, functions);
    this.#route('Default', HttpRouteKey.DEFAULT, this.#integration('admin', functions));
    Validations.of(this).acknowledge({
      id: 'AwsSolutions::AwsSolutions-APIG4',
      reason:
        'The functions judge the keys: they are in the table, where an authorizer would have to look a second time.',
    });
    this.stage = this.#addStage(props);
    this.url = props.domain === undefined ? this.api.apiEndpoint : `https://${props.domain.name}`;
    if (props.domain !== undefined) this.#addDomain(props.domain);
  }

  #integration(name: FunctionName, functions: Readonly<Record<FunctionName, BusFunction>>): HttpLambdaIntegration {
    const known = this.#integrations.get(name);
    if (known !== undefined) return known;
    const made = new HttpLambdaIntegration(name, functions[name].lambda, { scopePermissionToRoute: false });
    this.#integrations.set(name, made);
    return made;
  }

  #addRoute({ method, path, functionName }: ApiRoute, functions: Readonly<Record<FunctionName, BusFunction>>): void {
    const key = HttpRouteKey.with(path, HttpMethod[method]);
    this.#route(`${method} ${path.slice(1)}`, key, this.#integration(functionName, functions));
  }

  #route(id: string, routeKey: HttpRouteKey, integration: HttpLambdaIntegration): void {
    new HttpRoute(this, id, { httpApi: this.api, routeKey, integration, authorizer: new HttpNoneAuthorizer() });
  }

  #addStage(props: EventBusProps): HttpStage {
    const log = new LogGroup(this, 'AccessLog', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: removalOfLogs(props),
    });
    const { rate, burst } = props.throttle ?? THROTTLE;
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      detailedMetricsEnabled: true,
      throttle: { rateLimit: rate, burstLimit: burst },
      accessLogSettings: { destination: new LogGroupLogDestination(log), format: ACCESS_LOG_FORMAT },
    });
    (stage.node.defaultChild as CfnStage).routeSettings = {
      $default: { ...limited(rate, burst), DetailedMetricsEnabled: true },
    };
    return stage;
  }

  #addDomain(domain: NonNullable<EventBusProps['domain']>): void {
    const domainName = new DomainName(this, 'Domain', { domainName: domain.name, certificate: domain.certificate });
    new ApiMapping(this, 'Mapping', { api: this.api, domainName, stage: this.stage });
    const { regionalDomainName, regionalHostedZoneId } = domainName;
    if (domain.hostedZone === undefined) {
      new CfnOutput(this, 'DomainTarget', { value: regionalDomainName });
      return;
    }
    const target = RecordTarget.fromAlias(new ApiGatewayv2DomainProperties(regionalDomainName, regionalHostedZoneId));
    new ARecord(this, 'Alias', { zone: domain.hostedZone, recordName: domain.name, target });
  }
}

/** CDK takes this property as it stands in the template, so its names begin with capitals. */
const limited = (rate: number, burst: number) => ({
  ThrottlingRateLimit: Math.min(rate, UNKNOWN_PATHS.rate),
  ThrottlingBurstLimit: Math.min(burst, UNKNOWN_PATHS.burst),
});
