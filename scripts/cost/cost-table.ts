import { chasqui, type Load } from './chasqui.ts';
import { PRICES_AS_OF } from './prices.ts';
import { eventBridge, kinesis, mskServerless, sqs } from './rivals.ts';

const MILLION = 1_000_000;
const LOADS: readonly (readonly [string, Load])[] = [
  ['idle', { records: 0, perRequest: 100 }],
  ['1 M records, one a request', { records: MILLION, perRequest: 1 }],
  ['1 M records, 100 a request', { records: MILLION, perRequest: 100 }],
  ['1 B records, one a request', { records: 1000 * MILLION, perRequest: 1 }],
  ['1 B records, 100 a request', { records: 1000 * MILLION, perRequest: 100 }],
];
const SYSTEMS: readonly (readonly [string, (load: Load) => number])[] = [
  ['Chasqui', chasqui],
  ['EventBridge', eventBridge],
  ['SQS', sqs],
  ['Kinesis', kinesis],
  ['MSK Serverless', mskServerless],
];

const dollars = (amount: number): string =>
  amount < 100 ? `$${amount.toFixed(2)}` : `$${Math.round(amount).toLocaleString('en-US')}`;

/** A table in Markdown: dollars a month for records of 1 KB, each read once. */
export const costTable = (): string =>
  [
    `| a month (us-east-1, ${PRICES_AS_OF}) | ${SYSTEMS.map(([name]) => name).join(' | ')} |`,
    `| --- |${' --- |'.repeat(SYSTEMS.length)}`,
    ...LOADS.map(([name, load]) => `| ${name} | ${SYSTEMS.map(([, cost]) => dollars(cost(load))).join(' | ')} |`),
  ].join('\n');
