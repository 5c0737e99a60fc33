import { App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BusStack } from '../../cdk/bus-stack.ts';
import type { EventBusProps } from '../../cdk/event-bus-props.ts';

/**
 * An app for tests. The functions' sources stand in for their bundles, which take time to make and are tested elsewhere. CDK's own
 * validation of the template takes ten seconds of a processor in each process and only ever warns; `npm run aws:deploy` runs it.
 */
export const createApp = (): App =>
  new App({ context: { 'aws:cdk:bundling-stacks': [] }, builtinCloudFormationValidation: false });

/** The ready stack with these settings, checked by cdk-nag where that is asked for. */
export const synthesize = (props: EventBusProps = {}, options: { readonly nag?: boolean } = {}): Template => {
  const app = createApp();
  const stack = new BusStack(app, 'Chasqui', props);
  if (options.nag === true) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return Template.fromStack(stack);
};
