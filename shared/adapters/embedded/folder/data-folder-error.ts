export type DataFolderReason = 'in_use' | 'not_writable' | 'newer_version' | 'damaged';

/** Why a data folder does not open: one clear line for the operator. Nothing in the folder was changed. */
export class DataFolderError extends Error {
  readonly reason: DataFolderReason;

  constructor(reason: DataFolderReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DataFolderError';
    this.reason = reason;
  }
}
