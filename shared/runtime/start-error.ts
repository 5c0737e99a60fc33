/** Why the server does not start: one clear line for whoever started it. Nothing was harmed. */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartError';
  }
}
