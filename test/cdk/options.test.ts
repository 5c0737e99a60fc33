import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { CorsHttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { EventBus } from '../../cdk/event-bus.ts';
import type { EventBusProps } from '../../cdk/event-bus-props.ts';
import { actionsOf, resourcesOf, statementsOf, targetsOf } from './statements.ts';
import { synthesize, templateOf } from './synthesize.ts';

/** The construct in somebody's own stack, with things that stand beside it there. */
const within = (props: (stack: Stack) => EventBusProps): Template =>
  templateOf((app) => {
    const stack = new Stack(app, 'Own', { env: { account: '111111111111', region: 'us-east-1' } });
    new EventBus(stack, 'Bus', props(stack));
    return stack;
  });

const ARN = 'arn:aws:acm:us-east-1:111111111111:certificate/c';

describe('EventBus with a key of the customer', () => {
  const template = within((stack) => ({ encryptionKey: new Key(stack, 'Key') }));

  it('encrypts the table, the buckets, the secret and the queue with it', () => {
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', { SSESpecification: { SSEType: 'KMS' } });
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: Match.anyValue() },
          },
        ],
      },
    });
    template.hasResourceProperties('AWS::SecretsManager::Secret', { KmsKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: Match.anyValue() });
  });

  it('lets each function use that key, and names it', () => {
    for (const name of ['produce', 'fetch', 'admin']) {
      const uses = statementsOf(template, name).filter((statement) =>
        actionsOf(statement).some((action) => action.startsWith('kms:')),
      );
      expect(uses.flatMap(targetsOf).every((target) => target.startsWith('Key'))).toBe(true);
      expect(uses.flatMap(actionsOf)).toContain('kms:Decrypt');
      expect(uses.flatMap(actionsOf).some((action) => action.includes('*'))).toBe(false);
    }
  });
});

describe('EventBus under a name of its own', () => {
  const certificateOf = (stack: Stack) => Certificate.fromCertificateArn(stack, 'Certificate', ARN);

  it('has a domain and an alias record, and no other way in', () => {
    const template = within((stack) => ({
      domain: {
        name: 'bus.example.com',
        certificate: certificateOf(stack),
        hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }),
      },
    }));
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', { DomainName: 'bus.example.com' });
    template.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 1);
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true });
    template.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'bus.example.com.', Type: 'A' });
  });

  it('says where to point the name where the zone is somewhere else', () => {
    const template = within((stack) => ({ domain: { name: 'bus.example.com', certificate: certificateOf(stack) } }));
    template.resourceCountIs('AWS::Route53::RecordSet', 0);
    expect(Object.keys(template.findOutputs('*')).some((name) => name.includes('DomainTarget'))).toBe(true);
  });
});

describe('EventBus, option by option', () => {
  it('answers browsers of other origins only where it is told to', () => {
    synthesize().hasResourceProperties('AWS::ApiGatewayV2::Api', { CorsConfiguration: Match.absent() });
    const cors = {
      allowOrigins: ['https://example.com'],
      allowMethods: [CorsHttpMethod.GET],
      maxAge: Duration.hours(1),
    };
    synthesize({ cors }).hasResourceProperties('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: { AllowOrigins: ['https://example.com'], AllowMethods: ['GET'], MaxAge: 3600 },
    });
  });

  it('takes throttles, memory, concurrency and the size of what is inline', () => {
    const template = synthesize({
      throttle: { rate: 10, burst: 5 },
      memorySize: { fetch: 256 },
      reservedConcurrency: { produce: 7 },
      inlineMaxBytes: 1000,
      meteredTenants: ['acme', 'globex'],
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 5 },
      RouteSettings: { $default: { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 5 } },
    });
    template.hasResourceProperties('AWS::Lambda::Function', { Description: 'Chasqui: fetch', MemorySize: 256 });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Chasqui: produce',
      ReservedConcurrentExecutions: 7,
      Environment: {
        Variables: Match.objectLike({
          CHASQUI_INLINE_MAX_BYTES: '1000',
          CHASQUI_METERED_TENANTS: 'acme,globex',
        }),
      },
    });
  });

  it('keeps logs for a month, or as long as it is told to, and says as much in them', () => {
    const retentions = (props: EventBusProps) =>
      new Set(resourcesOf(synthesize(props), 'AWS::Logs::LogGroup').map(([, { RetentionInDays }]) => RetentionInDays));
    expect(retentions({})).toEqual(new Set([30]));
    expect(retentions({ logRetention: RetentionDays.ONE_WEEK })).toEqual(new Set([7]));
    synthesize({ logLevel: 'debug' }).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ CHASQUI_LOG: 'debug' }) },
    });
  });

  it('keeps table, buckets, secrets and logs when the stack goes, unless it is told otherwise', () => {
    const kinds = [
      'AWS::DynamoDB::GlobalTable',
      'AWS::S3::Bucket',
      'AWS::SecretsManager::Secret',
      'AWS::Logs::LogGroup',
    ];
    for (const kind of kinds) {
      synthesize({ zones: 2 }).allResources(kind, { DeletionPolicy: 'Retain' });
      synthesize({ zones: 2, removalPolicy: RemovalPolicy.DESTROY }).allResources(kind, { DeletionPolicy: 'Delete' });
    }
  });

  it('takes as many copies of a topic as it is told to, and lets webhooks go to private addresses only then', () => {
    const told = (props: EventBusProps) => {
      const [, { Environment }] = resourcesOf(synthesize(props), 'AWS::Lambda::Function')[0]!;
      const { Variables } = Environment as { Variables: Record<string, unknown> };
      return [Variables['CHASQUI_REPLICATION_FACTOR'], Variables['CHASQUI_ALLOW_PRIVATE_ENDPOINTS']];
    };
    expect(told({})).toEqual(['1', '0']);
    expect(told({ zones: 5 })).toEqual(['3', '0']);
    expect(told({ zones: 5, defaultReplicationFactor: 2, allowPrivateEndpoints: true })).toEqual(['2', '1']);
  });

  it('tells whom it is told to of every alarm, and has none where none are wanted', () => {
    const template = within((stack) => ({ alarms: { topic: new Topic(stack, 'Oncall') } }));
    for (const [, { AlarmActions }] of resourcesOf(template, 'AWS::CloudWatch::Alarm')) {
      expect(JSON.stringify(AlarmActions)).toContain('Oncall');
    }
    synthesize({ alarms: false }).resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });

  it('protects the table where it is asked for, whatever becomes of the stack', () => {
    synthesize({ deletionProtection: false }).hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: [Match.objectLike({ DeletionProtectionEnabled: false })],
    });
  });

  it('keeps what no function could process', () => {
    const template = synthesize();
    const [[queue] = []] = resourcesOf(template, 'AWS::SQS::Queue');
    for (const [, { DeadLetterConfig }] of resourcesOf(template, 'AWS::Lambda::Function'))
      expect(JSON.stringify(DeadLetterConfig)).toContain(String(queue));
  });
});
