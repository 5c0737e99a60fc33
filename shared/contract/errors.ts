/** The closed list of error codes (contract section 1), each with its HTTP status and its title. */
export const ERRORS = {
  invalid_request: { status: 400, title: 'Invalid request' },
  invalid_json: { status: 400, title: 'Invalid JSON' },
  invalid_cursor: { status: 400, title: 'Invalid cursor' },
  unauthenticated: { status: 401, title: 'Unauthenticated' },
  forbidden: { status: 403, title: 'Forbidden' },
  not_found: { status: 404, title: 'Not found' },
  tenant_not_found: { status: 404, title: 'Tenant not found' },
  key_not_found: { status: 404, title: 'Key not found' },
  topic_not_found: { status: 404, title: 'Topic not found' },
  partition_not_found: { status: 404, title: 'Partition not found' },
  group_not_found: { status: 404, title: 'Group not found' },
  member_not_found: { status: 404, title: 'Member not found' },
  subscription_not_found: { status: 404, title: 'Subscription not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  not_acceptable: { status: 406, title: 'Not acceptable' },
  conflict: { status: 409, title: 'Conflict' },
  fenced: { status: 409, title: 'Fenced' },
  idempotency_in_flight: { status: 409, title: 'A request with this idempotency key is in flight' },
  precondition_failed: { status: 412, title: 'Precondition failed' },
  payload_too_large: { status: 413, title: 'Payload too large' },
  uri_too_long: { status: 414, title: 'URI too long' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  offset_out_of_range: { status: 416, title: 'Offset out of range' },
  idempotency_key_reused: { status: 422, title: 'Idempotency key reused' },
  headers_too_large: { status: 431, title: 'Headers too large' },
  internal: { status: 500, title: 'Internal error' },
  unavailable: { status: 503, title: 'Unavailable' },
  timeout: { status: 504, title: 'Timeout' },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** `none`: nothing happened. `possible`: the outcome is not known; retry with the same idempotency key. */
export type SideEffects = 'none' | 'possible';

export interface FieldError {
  /** Where the fault is: `records[3].partition`. */
  readonly path: string;
  readonly message: string;
}

const RETRYABLE: ReadonlySet<ErrorCode> = new Set(['idempotency_in_flight', 'internal', 'unavailable', 'timeout']);

export interface ErrorOptions {
  readonly sideEffects?: SideEffects;
  readonly retryable?: boolean;
  readonly errors?: readonly FieldError[];
  /** Members that this code adds to the problem document, such as `highWatermark`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** The one error that leaves the domain. Everything else that is thrown becomes `internal` at the edge and leaks nothing. */
export class ChasquiError extends Error {
  readonly code: ErrorCode;
  readonly sideEffects: SideEffects;
  readonly retryable: boolean;
  readonly errors: readonly FieldError[] | undefined;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, detail: string, options: ErrorOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ChasquiError';
    this.code = code;
    this.sideEffects = options.sideEffects ?? 'none';
    this.retryable = options.retryable ?? RETRYABLE.has(code);
    this.errors = options.errors;
    this.extra = options.extra ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** One field at fault: the detail is the path and the message, as in the contract's example. */
export const invalidField = (path: string, message: string): ChasquiError =>
  new ChasquiError('invalid_request', `${path} ${message}.`, { errors: [{ path, message }] });

/** A field that names a partition beyond those that there are. */
export const noSuchPartition = (path: string, partitions: number): ChasquiError =>
  invalidField(path, `must be an integer from 0 to ${partitions - 1}`);
