/** The few file calls that the journal makes: narrow, so that a test can make each of them fail. */
export interface Files {
  /** `create` fails when the file exists. */
  open(path: string, how: 'create' | 'write' | 'read'): Promise<OpenFile>;
  /** Names, in no order. */
  list(folder: string): Promise<string[]>;
  remove(path: string): Promise<void>;
  /** Makes created and removed names durable. */
  syncFolder(folder: string): Promise<void>;
}

export interface OpenFile {
  /** Writes some of the parts' bytes, from the first; answers how many. */
  write(parts: readonly Uint8Array[], position: number): Promise<number>;
  /** Resolves when everything written is on the disk. */
  sync(): Promise<void>;
  /** Fills as much of `into` as it can; 0 at the end of the file. */
  read(into: Uint8Array, position: number): Promise<number>;
  truncate(length: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}
