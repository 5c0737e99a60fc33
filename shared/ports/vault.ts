/** Keeps secrets in a form that is of no use to whoever reads the store alone. */
export interface Vault {
  /** The same text comes out differently each time. `context` says whose it is. */
  seal(text: string, context: string): string;
  /** @throws when it was sealed in another context or by another deployment, or has been changed. */
  open(sealed: string, context: string): string;
}
