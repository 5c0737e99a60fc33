import type { NotOurs } from './lane-state.ts';

/** Why a lane does nothing; `at`: milliseconds since the epoch, when to run it again. */
export type Rest =
  /** All that there was is done. */
  { readonly kind: 'idle' } | { readonly kind: 'later'; readonly at: number } | { readonly kind: 'stopped' } | NotOurs;

/** Infinite: until something comes. */
export const restUntil = (at: number): Rest =>
  at === Number.POSITIVE_INFINITY ? { kind: 'idle' } : { kind: 'later', at };
