import { SQSClient } from '@aws-sdk/client-sqs';
import type { WakeUps } from '../../ports/wake-ups.ts';
import { createSqsWakeUps, type SqsWakeUpsOptions } from './sqs-wake-ups.ts';

/** The SDK may send a request again: a message that comes twice does no harm. */
export const openSqsWakeUps = (options: Omit<SqsWakeUpsOptions, 'client'>): WakeUps =>
  createSqsWakeUps({ ...options, client: new SQSClient({}) });
