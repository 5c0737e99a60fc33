import { Drain } from '../../shared/http/drain.ts';
import { gatewayHandler } from '../../shared/http/lambda/gateway-handler.ts';
import { openAws } from '../../shared/runtime/aws.ts';
import { noBlobs } from '../../shared/runtime/aws-no-blobs.ts';
import { adminRoutes } from './routes.ts';

const service = await openAws({ functionName: 'admin', drain: new Drain(), blobs: noBlobs, remembersTopics: false });

export const handler = gatewayHandler(adminRoutes(service), service);
