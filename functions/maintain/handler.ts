import { Drain } from '../../shared/http/drain.ts';
import { gatewayHandler } from '../../shared/http/lambda/gateway-handler.ts';
import { openAws } from '../../shared/runtime/aws.ts';
import { awsBlobs } from '../../shared/runtime/aws-blobs.ts';
import { maintainRoutes } from './routes.ts';

const service = await openAws({
  functionName: 'maintain',
  drain: new Drain(),
  blobs: awsBlobs,
  remembersTopics: false,
});

export const handler = gatewayHandler(maintainRoutes(service), service);
