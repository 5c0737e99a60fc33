/** What the client sent, and a `fetch` that answers from a list, the last answer for ever. */
export interface FakeFetch {
  readonly fetch: typeof globalThis.fetch;
  readonly requests: Request[];
}

type Answer = Response | Error | ((request: Request) => Promise<Response>);

export const problem = (
  status: number,
  code: string,
  more: object = {},
  headers: Record<string, string> = {},
): Response =>
  new Response(
    JSON.stringify({ code, status, detail: `It is ${code}.`, retryable: false, sideEffects: 'none', ...more }),
    {
      status,
      headers: { 'content-type': 'application/problem+json', 'chasqui-request-id': 'req-1', ...headers },
    },
  );

export const json = (value: unknown, status = 200): Response => Response.json(value, { status });

export const fakeFetch = (...answers: readonly Answer[]): FakeFetch => {
  const requests: Request[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push(request);
    if (answer instanceof Error) throw answer;
    if (answer === undefined) throw new Error('The fake has no answer.');
    return typeof answer === 'function' ? answer(request) : answer.clone();
  };
  return { fetch, requests };
};
