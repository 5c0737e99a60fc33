import type { Action, Scope } from '../contract/scope.ts';

/** A topic pattern is a name, `prefix*` or `*`. */
export const matchesPattern = (pattern: string, topic: string): boolean =>
  pattern.endsWith('*') ? topic.startsWith(pattern.slice(0, -1)) : topic === pattern;

/** Every name that `asked` matches, `own` matches too. */
const coversPattern = (own: string, asked: string): boolean =>
  asked.endsWith('*') ? own.endsWith('*') && asked.startsWith(own.slice(0, -1)) : matchesPattern(own, asked);

/** Some scope opens the topic for one of the actions. */
export const opensTopic = (scopes: readonly Scope[], actions: readonly Action[], topic: string): boolean => {
  for (const scope of scopes) {
    if (actions.some((action) => scope.actions.includes(action))) {
      if (scope.topics.some((pattern) => matchesPattern(pattern, topic))) return true;
    }
  }
  return false;
};

export const hasAction = (scopes: readonly Scope[], action: Action): boolean =>
  scopes.some((scope) => scope.actions.includes(action));

const hasActionOn = (scopes: readonly Scope[], action: Action, pattern: string): boolean =>
  scopes.some((scope) => scope.actions.includes(action) && scope.topics.some((own) => coversPattern(own, pattern)));

/** Whatever `asked` opens, `own` opens too. Each asked pattern has to lie within one pattern of `own`. */
export const covers = (own: readonly Scope[], asked: readonly Scope[]): boolean =>
  asked.every((scope) =>
    scope.actions.every((action) => scope.topics.every((pattern) => hasActionOn(own, action, pattern))),
  );

/** `own` has `manage` over every topic that `other` names. */
export const governs = (own: readonly Scope[], other: readonly Scope[]): boolean =>
  other.every((scope) => scope.topics.every((pattern) => hasActionOn(own, 'manage', pattern)));
