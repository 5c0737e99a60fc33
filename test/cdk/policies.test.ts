import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES, type FunctionName } from '../../cdk/constructs/function-name.ts';
import { actionsOf, type Statement, statementsOf } from './statements.ts';
import { synthesize } from './synthesize.ts';

/** What may be done, by what it may be done to. */
type Policy = Readonly<Record<string, readonly string[]>>;

/** The ends of the logical ids, without CDK's hash, and which of the thing's ARNs it is. */
const THINGS: readonly (readonly [RegExp, string])[] = [
  [/^"\*"$/, 'everything'],
  [/BusTable\w+","StreamArn"/, 'stream of the table'],
  [/"BusTable\w+","Arn"/, 'table'],
  [/BusOperatorKey/, 'operator key'],
  [/BusVaultKey/, 'vault key'],
  [/DeadLetters/, 'dead letters'],
  [/WakeUps/, 'wake-ups'],
  [/Bus(\w+?)Log\w{8}","Arn"/, 'log of $1'],
  [/BusBatchesRegional\w+","Arn"\]\},"\/\*"/, 'objects of the bucket'],
  [/:s3express:.*"BusBatchesZone(use1az\d)\w{8}"/, 'zone $1'],
];

const thingOf = (resource: unknown): string => {
  const text = JSON.stringify(resource);
  for (const [pattern, name] of THINGS) {
    const match = pattern.exec(text);
    if (match !== null) return name.replace('$1', match[1] ?? '');
  }
  throw new Error(`Nobody knows what this is: ${text}`);
};

const policyOf = (statements: readonly Statement[]): Policy => {
  const policy: Record<string, string[]> = {};
  for (const statement of statements) {
    expect(statement.Effect).toBe('Allow');
    for (const thing of [statement.Resource].flat().map(thingOf))
      policy[thing] = [...(policy[thing] ?? []), ...actionsOf(statement)].sort();
  }
  return policy;
};

const READS = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];
const WRITES = ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];
const SESSION = ['s3express:CreateSession'];
const ZONES = { 'zone use1az4': SESSION, 'zone use1az5': SESSION };

const everyOne = (name: FunctionName): Policy => ({
  [`log of ${name}`]: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  'dead letters': ['sqs:SendMessage'],
  'operator key': ['secretsmanager:GetSecretValue'],
  everything: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
});

const OWN: Readonly<Record<FunctionName, Policy>> = {
  produce: { table: [...READS, ...WRITES], 'objects of the bucket': ['s3:PutObject'], ...ZONES },
  fetch: { table: READS, 'objects of the bucket': ['s3:GetObject'], ...ZONES },
  subscribe: {
    table: [...READS, ...WRITES, 'dynamodb:ConditionCheckItem'],
    'objects of the bucket': ['s3:GetObject'],
    ...ZONES,
  },
  deliver: {
    table: [...READS, ...WRITES],
    'stream of the table': [
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
    ],
    'objects of the bucket': ['s3:GetObject', 's3:PutObject'],
    'vault key': ['secretsmanager:GetSecretValue'],
    'wake-ups': ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:SendMessage'],
    ...ZONES,
  },
  admin: { table: [...READS, ...WRITES] },
  maintain: {
    table: [...READS, 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    'objects of the bucket': ['s3:GetObject', 's3:PutObject'],
    ...ZONES,
  },
};

describe('the policy of a function', () => {
  const template = synthesize({ zones: ['use1-az4', 'use1-az5'] });

  it.each([...FUNCTION_NAMES])('lets %s do what it does, to what it does it to, and nothing else', (name) => {
    const sorted = Object.entries(OWN[name]).map(([thing, actions]) => [thing, [...actions].sort()]);
    expect(policyOf(statementsOf(template, name))).toEqual({ ...everyOne(name), ...Object.fromEntries(sorted) });
  });
});
