import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BusStack } from '../../cdk/bus-stack.ts';
import type { EventBusProps } from '../../cdk/event-bus-props.ts';

/**
 * The template of a stack in an app for tests. The functions' sources stand in for their bundles, which take time to make and are tested
 * elsewhere. CDK's own validation of the template takes ten seconds of a processor in each process and only ever warns; `npm run
 * aws:deploy` runs it. What CDK writes goes as soon as it has been read: by itself CDK leaves a `cdk.out…` in the temporary folder for
 * each app.
 */
export const templateOf = (stackIn: (app: App) => Stack): Template => {
  const outdir = mkdtempSync(join(tmpdir(), 'chasqui-cdk-'));
  try {
    const context = { 'aws:cdk:bundling-stacks': [] };
    return Template.fromStack(stackIn(new App({ outdir, context, builtinCloudFormationValidation: false })));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

/** The ready stack with these settings, checked by cdk-nag where that is asked for. */
export const synthesize = (props: EventBusProps = {}, options: { readonly nag?: boolean } = {}): Template =>
  templateOf((app) => {
    if (options.nag === true) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    return new BusStack(app, 'Chasqui', props);
  });
