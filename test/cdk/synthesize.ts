import { App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BusStack } from '../../cdk/bus-stack.ts';
import type { EventBusProps } from '../../cdk/event-bus-props.ts';

/** The functions' sources stand in for their bundles, which take time to make and are tested elsewhere. */
const WITHOUT_BUNDLES = { 'aws:cdk:bundling-stacks': [] };

/** The ready stack with these settings, checked by cdk-nag where that is asked for. */
export const synthesize = (props: EventBusProps = {}, options: { readonly nag?: boolean } = {}): Template => {
  const app = new App({ context: WITHOUT_BUNDLES });
  const stack = new BusStack(app, 'Chasqui', props);
  if (options.nag === true) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return Template.fromStack(stack);
};
