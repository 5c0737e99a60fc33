/** What the shell sees. Scripts may rely on these. */
export const EXIT = { ok: 0, failure: 1, usage: 2, notFound: 3, denied: 4, retryLater: 5, interrupted: 130 } as const;

export const EXIT_CODES_HELP = `
Exit codes:
  0  done
  1  failure
  2  usage: a wrong option or argument, or input that the server refuses as invalid
  3  not found
  4  denied: no key, an unknown one, or one without the scope
  5  retry later: not reachable, overloaded, over a quota; the same command may succeed`;
