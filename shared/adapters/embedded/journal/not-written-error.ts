/** The disk refused, and it is certain that nothing of the write is kept: it may be tried again. */
export class NotWrittenError extends Error {
  constructor(options?: ErrorOptions) {
    super('The journal could not be written; nothing has changed.', options);
    this.name = 'NotWrittenError';
  }
}
