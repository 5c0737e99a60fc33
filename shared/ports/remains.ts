/**
 * What is left of things that were removed: by a removal that was broken off, or written by somebody who did not know of it yet. Nobody
 * sees any of it. Laws:
 * 1. Goes only when it is older than whatever may still be under way.
 * 2. Does a bounded part of the work; the next call does more.
 */
export interface Remains {
  clear(): Promise<void>;
}
