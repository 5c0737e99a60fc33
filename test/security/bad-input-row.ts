/** One refusal: a request and what the contract says to it. `{topic}` in the path is a topic of 4 partitions with 3 records in each. */
export interface BadRow {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Instead of a key with every right; `null`: none at all. */
  readonly authorization?: string | null;
  /** Where the contract leaves a choice, any of these. */
  readonly expected: readonly (readonly [number, string])[];
}

type Expected = readonly (readonly [number, string])[];

export const INVALID: Expected = [[400, 'invalid_request']];
export const NOT_JSON: Expected = [[400, 'invalid_json']];
export const INVALID_OR_NOT_JSON: Expected = [...INVALID, ...NOT_JSON];
export const TOO_LARGE: Expected = [[413, 'payload_too_large']];
export const NOT_SUPPORTED: Expected = [[415, 'unsupported_media_type']];
export const NOT_ALLOWED: Expected = [[405, 'method_not_allowed']];
export const NO_SUCH_PATH: Expected = [[404, 'not_found']];
export const BAD_CURSOR: Expected = [[400, 'invalid_cursor']];
export const UNAUTHENTICATED: Expected = [[401, 'unauthenticated']];

export const JSON_TYPE = { 'content-type': 'application/json' };
export const NDJSON_TYPE = { 'content-type': 'application/x-ndjson' };

const RECORDS = '/v1/topics/{topic}/records';

export const postJson = (name: string, body: string | Uint8Array, expected: Expected = INVALID): BadRow => ({
  name: `records as JSON: ${name}`,
  method: 'POST',
  path: RECORDS,
  headers: JSON_TYPE,
  body,
  expected,
});

/** One record of a request whose others are good. */
export const postRecord = (name: string, record: string, expected: Expected = INVALID): BadRow =>
  postJson(name, `{"records":[{"value":"good"},${record}]}`, expected);

export const postLines = (name: string, body: string | Uint8Array, expected: Expected = INVALID): BadRow => ({
  name: `records as lines: ${name}`,
  method: 'POST',
  path: RECORDS,
  headers: NDJSON_TYPE,
  body,
  expected,
});

export const putTopic = (name: string, body: string | Uint8Array, expected: Expected = INVALID): BadRow => ({
  name: `topic: ${name}`,
  method: 'PUT',
  path: '/v1/topics/{topic}',
  headers: JSON_TYPE,
  body,
  expected,
});

export const get = (path: string, expected: Expected = INVALID): BadRow => ({
  name: `GET ${path.slice(0, 120)}`,
  method: 'GET',
  path,
  expected,
});
