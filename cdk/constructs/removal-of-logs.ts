import { RemovalPolicy } from 'aws-cdk-lib';
import type { EventBusProps } from '../event-bus-props.ts';

/** Logs go with the stack unless the data stays. */
export const removalOfLogs = ({ removalPolicy = RemovalPolicy.RETAIN }: EventBusProps): RemovalPolicy =>
  removalPolicy === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
