/** Where work that nobody waits for has come to, so that the next one goes on there. Lost, it is begun anew: no harm but time. */
export interface Progress {
  /** Undefined: at the beginning. */
  load(): Promise<string | undefined>;
  /** Undefined: everything has been looked at. */
  save(cursor: string | undefined): Promise<void>;
}
