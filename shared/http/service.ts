import type { BufferPool } from '../lib/buffer-pool.ts';
import type { Log } from '../ports/log.ts';
import type { Ports } from '../ports/ports.ts';
import type { ByteBudget } from './byte-budget.ts';
import type { Drain } from './drain.ts';

/** What the edge and every handler stand on: the ports, and what the deployment says of itself. */
export interface Service extends Ports {
  readonly version: string;
  /** SHA-256 of the operator's key; the key itself is not kept. */
  readonly operatorKeyHash: Uint8Array;
  readonly log: Log;
  readonly drain: Drain;
  /** What the bodies of all requests under way may hold; absent where a process has one request at a time. */
  readonly bodies?: ByteBudget;
  /** The same for answers that wait for their readers. */
  readonly answers?: ByteBudget;
  /** Where large bodies and answers get their memory. */
  readonly pool?: BufferPool;
}
