/** What the deployment can do for a topic. */
export interface Deployment {
  /** Places that can hold a copy of a batch each; 1 where copies are not the bus's own business. */
  readonly zones: number;
  /** What a topic gets whose creator says nothing. */
  readonly replicationFactor: number;
}
