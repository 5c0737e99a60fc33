import type { Template } from 'aws-cdk-lib/assertions';

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

const resources = (template: Template): [string, Resource][] =>
  Object.entries(template.toJSON()['Resources'] as Record<string, Resource>);

/** Everything that the role of one function may do. */
export const statementsOf = (template: Template, functionName: string): Statement[] => {
  const role = `Bus${functionName}Role`;
  return resources(template)
    .filter(([id, { Type }]) => Type === 'AWS::IAM::Policy' && id.startsWith(role))
    .flatMap(([, { Properties }]) => (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement);
};

export const actionsOf = ({ Action }: Statement): readonly string[] => (typeof Action === 'string' ? [Action] : Action);

/** The logical ids of what a statement names, and `*` where it names everything. */
export const targetsOf = ({ Resource }: Statement): string[] =>
  [Resource].flat().map((target) => {
    if (typeof target === 'string') return target;
    const ids = JSON.stringify(target).match(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/) ?? [];
    return ids[1] ?? JSON.stringify(target);
  });

export const resourcesOf = (template: Template, type: string): [string, Record<string, unknown>][] =>
  resources(template)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties }]) => [id, Properties]);
