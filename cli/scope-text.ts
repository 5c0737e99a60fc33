import type { Scope } from '../shared/contract/scope.ts';

/** As `keys create --scope` takes it. */
export const scopeText = ({ actions, topics }: Scope): string => `${actions.join(',')}:${topics.join(',')}`;

export const scopesText = (scopes: readonly Scope[]): string => scopes.map(scopeText).join(' ');
