export const ACTIONS = ['produce', 'fetch', 'subscribe', 'manage'] as const;
export type Action = (typeof ACTIONS)[number];

/** What a key may do. A topic pattern is a name, `prefix*` or `*`. */
export interface Scope {
  readonly actions: readonly Action[];
  readonly topics: readonly string[];
}
