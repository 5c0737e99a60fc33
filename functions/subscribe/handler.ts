import { Drain } from '../../shared/http/drain.ts';
import { gatewayHandler } from '../../shared/http/lambda/gateway-handler.ts';
import { openAws } from '../../shared/runtime/aws.ts';
import { awsBlobs } from '../../shared/runtime/aws-blobs.ts';
import { subscribeRoutes } from './routes.ts';

const drain = new Drain();
const service = await openAws({ functionName: 'subscribe', drain, blobs: awsBlobs, remembersTopics: true });
export const handler = gatewayHandler(subscribeRoutes(service), service);
