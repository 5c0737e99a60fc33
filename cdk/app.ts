import { App, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BusStack } from './bus-stack.ts';

/*
 * A stack that is ready to deploy: `npx cdk deploy`. Its few settings come from the context: `-c zones=use1-az4,use1-az5,use1-az6`
 * (or a number), `-c stack=<name>`, `-c alarms=false`, `-c allow-private-endpoints=true` (for emulators), `-c retain=false` to let the data go with the stack. For more, use the construct in an app of
 * your own.
 */
const app = new App();

const text = (name: string): string | undefined => app.node.tryGetContext(name)?.toString();

const zonesOf = (zones: string | undefined): string[] | number => {
  if (zones === undefined || zones === '') return 0;
  return /^\d$/.test(zones) ? Number(zones) : zones.split(',');
};

new BusStack(app, text('stack') ?? 'Chasqui', {
  zones: zonesOf(text('zones')),
  ...(text('alarms') === 'false' ? { alarms: false } : {}),
  ...(text('allow-private-endpoints') === 'true' ? { allowPrivateEndpoints: true } : {}),
  removalPolicy: text('retain') === 'false' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
