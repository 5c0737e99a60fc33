import { GB, type Load, RECORD_BYTES } from './chasqui.ts';
import { PRICES } from './prices.ts';

const SQS_BATCH = 10;

/** An event is an event, however many come in one request. Rules and targets within AWS cost nothing more. */
export const eventBridge = ({ records }: Load): number => records * PRICES.eventBridgeEvent;

/** Sent, received and deleted; in tens where a producer has a hundred at hand. */
export const sqs = ({ records, perRequest }: Load): number =>
  3 * (records / Math.min(perRequest, SQS_BATCH)) * PRICES.sqsRequest;

/** One stream on demand, read once; kept for a day. */
export const kinesis = ({ records }: Load): number =>
  PRICES.kinesisStreamMonth + ((records * RECORD_BYTES) / GB) * (PRICES.kinesisGbIn + PRICES.kinesisGbOut);

/** The cluster alone, without partitions. */
export const mskServerless = ({ records }: Load): number =>
  PRICES.mskServerlessMonth + ((records * RECORD_BYTES) / GB) * (PRICES.mskGbIn + PRICES.mskGbOut);
