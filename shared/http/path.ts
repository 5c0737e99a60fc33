interface Raw {
  readonly env?: { readonly target?: string } | undefined;
}

/** The request's target as it was sent, where that is known: nothing decoded, no `..` resolved. */
export const targetOf = (request: Request, env: Raw['env']): string => {
  const sent = env?.target;
  if (sent?.charCodeAt(0) === 0x2f) return sent;
  const url = new URL(request.url);
  return url.pathname + url.search;
};

/** The path by which Hono routes. */
export const pathOf = (request: Request, raw?: Raw): string => {
  const target = targetOf(request, raw?.env);
  const end = target.indexOf('?');
  return end === -1 ? target : target.slice(0, end);
};
