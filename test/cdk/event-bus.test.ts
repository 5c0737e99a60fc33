import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../cdk/constructs/function-name.ts';
import type { EventBusProps } from '../../cdk/event-bus-props.ts';
import { ENVIRONMENT, TABLE_SCHEMA } from '../../shared/contract/environment.ts';
import { routeEntries } from '../../shared/contract/routes.ts';
import { actionsOf, resourcesOf, statementsOf, targetsOf } from './statements.ts';
import { synthesize } from './synthesize.ts';

const template = synthesize({}, { nag: true });

describe('EventBus', () => {
  it('is clean for cdk-nag, every exception with its reason', () => {
    // The checks are a plugin of the synthesis above: a finding would have thrown.
    expect(resourcesOf(template, 'AWS::Lambda::Function')).toHaveLength(6);
  });

  it('makes one table: by the request, restorable, protected, with the attribute that ends an item', () => {
    template.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Retain',
      Properties: Match.objectLike({
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: TABLE_SCHEMA.partitionKey, KeyType: 'HASH' },
          { AttributeName: TABLE_SCHEMA.sortKey, KeyType: 'RANGE' },
        ],
        TimeToLiveSpecification: { AttributeName: TABLE_SCHEMA.timeToLive, Enabled: true },
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          }),
        ],
      }),
    });
  });

  it('keeps the batches private, encrypted and behind TLS', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: Match.objectLike({
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: Match.anyValue(),
        LifecycleConfiguration: {
          Rules: [Match.objectLike({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } })],
        },
      }),
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      }),
    });
  });

  it.each([...FUNCTION_NAMES])('runs %s on Node 24 and ARM, and tells it where everything is', (name) => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: `Chasqui: ${name}`,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: name === 'maintain' ? 900 : 29,
      MemorySize: 1024,
      TracingConfig: { Mode: 'Active' },
      DeadLetterConfig: Match.anyValue(),
      LoggingConfig: Match.anyValue(),
      Environment: {
        Variables: Match.objectLike(
          Object.fromEntries(Object.values(ENVIRONMENT).map((variable) => [variable, Match.anyValue()])),
        ),
      },
    });
  });

  it.each([...FUNCTION_NAMES])('gives %s no action by wildcard, and all resources to X-Ray alone', (name) => {
    for (const statement of statementsOf(template, name)) {
      expect(statement.Effect).toBe('Allow');
      for (const action of actionsOf(statement)) expect(action).not.toContain('*');
      const everything = targetsOf(statement).includes('*');
      if (everything) expect(actionsOf(statement).every((action) => action.startsWith('xray:'))).toBe(true);
    }
  });

  it('keeps the operator key in a secret that nobody has seen', () => {
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: { PasswordLength: 48, ExcludePunctuation: true },
    });
    expect(JSON.stringify(template.toJSON())).not.toContain('resolve:secretsmanager');
  });

  it('routes every row of the contract to its function, HEAD wherever GET goes, and the rest to admin', () => {
    const routes = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(([, { RouteKey }]) => String(RouteKey));
    const expected = routeEntries().flatMap(([, { method, path }]) => {
      const gatewayPath = path.replaceAll(/:(\w+)/g, '{$1}');
      return method === 'GET' ? [`GET ${gatewayPath}`, `HEAD ${gatewayPath}`] : [`${method} ${gatewayPath}`];
    });
    expect(routes.sort()).toEqual([...expected, '$default'].sort());
    expect(routes.some((route) => route.includes('+}'))).toBe(false);
  });

  it('wakes deliveries by the clock, and by commits to topics that have subscriptions only', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ dynamodb: { NewImage: { p: { N: ['1'] } } } }) }] },
    });
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)' });
  });

  it('calls for what is due later by an encrypted queue, which hands on what it cannot get done', () => {
    const queues = resourcesOf(template, 'AWS::SQS::Queue');
    const [deadLetters, wakeUps] = [
      queues.find(([id]) => /DeadLetters/.test(id)),
      queues.find(([id]) => /WakeUps/.test(id)),
    ];
    expect(queues).toHaveLength(2);
    expect(wakeUps?.[1]).toMatchObject({
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 6 * 29,
      RedrivePolicy: { maxReceiveCount: 3, deadLetterTargetArn: { 'Fn::GetAtt': [deadLetters?.[0], 'Arn'] } },
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [wakeUps?.[0], 'Arn'] },
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    const policies = resourcesOf(template, 'AWS::SQS::QueuePolicy');
    const closed = policies.filter(([, policy]) => JSON.stringify(policy).includes('"aws:SecureTransport":"false"'));
    expect(closed.flatMap(([, { Queues }]) => Queues)).toEqual(queues.map(([id]) => ({ Ref: id })));
  });

  it('lets deliver have itself called as often as something has to be tried again, and no other function', () => {
    const loops = resourcesOf(template, 'AWS::Lambda::Function').map(([id, { RecursiveLoop }]) => [
      /deliver/i.test(id),
      RecursiveLoop,
    ]);
    expect(loops).toHaveLength(6);
    for (const [isDeliver, loop] of loops) expect(loop).toBe(isDeliver ? 'Allow' : 'Terminate');
  });

  it('lets nobody but deliver send to that queue, and nobody read from the other one', () => {
    for (const name of FUNCTION_NAMES) {
      const sqs = statementsOf(template, name).filter((one) =>
        actionsOf(one).some((action) => action.startsWith('sqs:')),
      );
      const targets = sqs.flatMap(targetsOf).map((target) => target.replace(/^.*(DeadLetters|WakeUps).*$/, '$1'));
      expect(targets.sort()).toEqual(name === 'deliver' ? ['DeadLetters', 'WakeUps'] : ['DeadLetters']);
      const onDeadLetters = sqs.find((one) => targetsOf(one).some((target) => target.includes('DeadLetters')));
      expect(actionsOf(onDeadLetters!)).toEqual(['sqs:SendMessage']);
    }
  });

  it('logs every access without a header, a query or a body, and slows down whoever tries unknown paths', () => {
    const [[, stage] = []] = resourcesOf(template, 'AWS::ApiGatewayV2::Stage');
    expect(stage).toMatchObject({
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: 2000, ThrottlingBurstLimit: 1000 },
      RouteSettings: { $default: { ThrottlingRateLimit: 50 } },
    });
    const format = JSON.stringify(stage?.['AccessLogSettings']);
    expect(format).toContain('$context.status');
    expect(format).not.toMatch(/authorization|queryString|header/i);
  });

  it('watches errors, p99, throttles, dead letters and the table', () => {
    const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { AlarmDescription }]) => AlarmDescription);
    expect(alarms).toHaveLength(6);
    for (const description of alarms) expect(description).toContain('docs/deploy.md');
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });

  it('names what its users need as outputs', () => {
    for (const name of ['Url', 'OperatorKeySecret', 'TableName', 'BucketName', 'ZoneBucketNames', 'DashboardName'])
      template.hasOutput(name, {});
  });

  it('is the same at every synthesis', () => {
    expect(synthesize().toJSON()).toEqual(template.toJSON());
  });
});

describe('EventBus with zones', () => {
  it('makes a directory bucket in each zone that is named, and lets the functions open sessions with them', () => {
    const zoned = synthesize({ zones: ['use1-az4', 'use1-az5', 'use1-az6'] }, { nag: true });
    const buckets = resourcesOf(zoned, 'AWS::S3Express::DirectoryBucket');
    expect(buckets.map(([, { LocationName }]) => LocationName)).toEqual(['use1-az4', 'use1-az5', 'use1-az6']);
    const sessions = statementsOf(zoned, 'produce').filter((statement) =>
      actionsOf(statement).includes('s3express:CreateSession'),
    );
    expect(sessions.flatMap(targetsOf)).toHaveLength(3);
    expect(statementsOf(zoned, 'admin').flatMap(actionsOf)).not.toContain('s3express:CreateSession');
    zoned.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ [ENVIRONMENT.replicationFactor]: '3' }) },
    });
  });

  it('makes plain buckets where only their number is given, and goes with them when it is told to', () => {
    const zoned = synthesize({ zones: 2, removalPolicy: RemovalPolicy.DESTROY }, { nag: true });
    zoned.resourceCountIs('AWS::S3::Bucket', 3);
    zoned.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
    zoned.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: [Match.objectLike({ DeletionProtectionEnabled: false })],
    });
  });

  it('looks for missing copies once a day, or as it is told, and never where there is one place only', () => {
    const schedules = (props: EventBusProps) =>
      resourcesOf(synthesize(props), 'AWS::Events::Rule').map(([, { ScheduleExpression }]) => ScheduleExpression);
    const always = ['rate(1 hour)', 'rate(1 minute)'];
    expect(schedules({ zones: 3 }).sort()).toEqual(['rate(1 day)', ...always]);
    expect(schedules({ zones: 2, repairEvery: Duration.hours(2) }).sort()).toEqual([...always, 'rate(2 hours)']);
    expect(schedules({ zones: 3, repairEvery: false }).sort()).toEqual(always);
    expect(schedules({ zones: 1 }).sort()).toEqual(always);
    expect(schedules({}).sort()).toEqual(always);
  });

  it('removes every hour what topics no longer keep', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 hour)',
      Targets: [Match.objectLike({ Input: '{"retention":true}' })],
    });
  });

  it('refuses more copies than there are zones', () => {
    expect(() => synthesize({ zones: 2, defaultReplicationFactor: 3 })).toThrow('from 1 to 2');
  });
});
