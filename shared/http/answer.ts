/** What a handler answers. The edge adds what every answer has and hands it over without building `Headers` in between. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parts are sent one behind the other, as if they were one. A generator is sent as it goes, each part when it comes; it is told to end when its reader has gone. */
  readonly body:
    | string
    | Uint8Array<ArrayBuffer>
    | readonly Uint8Array<ArrayBuffer>[]
    | AsyncGenerator<Uint8Array, void>
    | null;
  /** Called when the system has all of the body, so that its memory may serve others. Never called where nobody can tell. */
  readonly sent?: () => void;
}

/** Of the most answers; known by identity. */
export const JSON_HEADERS: Answer['headers'] = { 'content-type': 'application/json' };
const NO_HEADERS: Answer['headers'] = {};

export const json = (status: number, value: unknown, headers?: Answer['headers']): Answer => ({
  status,
  headers: headers === undefined ? JSON_HEADERS : { ...JSON_HEADERS, ...headers },
  body: JSON.stringify(value),
});

export const noContent = (): Answer => ({ status: 204, headers: NO_HEADERS, body: null });
