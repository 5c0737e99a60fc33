import { ChasquiError, ERRORS, type ErrorCode } from '../../shared/contract/errors.ts';

/** What a code means to whoever gets it, and what to do. A code without its sentence is a type error. */
const ADVICE: Record<ErrorCode, string> = {
  invalid_request:
    'A field of the body, a query parameter or a header is wrong, unknown or not supported. `errors` names each place. Nothing was done; correct the request.',
  invalid_json: 'The body is not JSON, not UTF-8, or nested too deeply. `detail` says where reading stopped.',
  invalid_cursor:
    'The cursor was not made for this list or topic, or its topic was deleted meanwhile, also where one of the same name was made since. Start again without it.',
  unauthenticated:
    'There is no key in `Authorization: Bearer …`, or it is unknown, expired or revoked; the answer is the same for all of these.',
  forbidden:
    'The key is known, but none of its scopes allows this action on this name. It is judged by the name alone, whether or not the thing exists.',
  not_found: 'There is no such path. Paths are case-sensitive and have no slash at their end.',
  tenant_not_found: 'There is no tenant of this id.',
  key_not_found: 'There is no key of this id in the tenant.',
  topic_not_found: 'The tenant of the key has no topic of this name.',
  partition_not_found: 'The topic has fewer partitions than the one in the path; they are counted from 0.',
  group_not_found: 'There is no group of this name, or it has to do with topics only that the key may not read.',
  member_not_found: 'The group has no member of this name. A member joins with its first poll.',
  subscription_not_found: 'The tenant has no subscription of this id, or the key lacks `subscribe` on its topic.',
  method_not_allowed: 'The path exists, the method does not. `Allow` lists those that do.',
  not_acceptable: 'The `Accept` header takes no form that this route can answer in.',
  conflict:
    'The request contradicts what is stored: a field that cannot change, a topic that was deleted or made again meanwhile, a tenant that still has topics.',
  fenced:
    'The caller goes by what is no longer so: its member was declared dead, has left or has joined anew, the partition is of another member, or the group was moved by a seek. The problem carries the current `generation` and `assignment`; poll without a cursor to go on.',
  idempotency_in_flight:
    'A request with the same `Idempotency-Key` has not ended yet. Wait for `Retry-After` and repeat it.',
  precondition_failed: '`expectedOffset` is not the high watermark. The problem carries both; nothing was stored.',
  payload_too_large: 'The body, a record, or what a compressed body unpacks to is over its limit (`GET /v1/limits`).',
  uri_too_long: 'The request line is over its limit.',
  unsupported_media_type: 'The route does not take this `Content-Type`, or the `Content-Encoding` is not gzip.',
  offset_out_of_range:
    'The offset lies before the log start or beyond the high watermark. The problem carries both, so that the caller can choose where to go on.',
  idempotency_key_reused:
    'The `Idempotency-Key` was used in the last 24 hours for another method, path, query or body.',
  headers_too_large: 'The headers together are over their limit.',
  internal:
    'A fault of the server; its log has the request id of `instance`. With `sideEffects: "possible"` the outcome of a write is unknown: repeat it with the same `Idempotency-Key`.',
  unavailable:
    'The server cannot take this now: it is overloaded, stopping, or its store does not answer. Wait for `Retry-After` and repeat.',
  timeout: 'The work did not end in time. `sideEffects` says whether something may have happened.',
};

const INTRODUCTION = `# Errors

Every error is an \`application/problem+json\` document (RFC 9457). Its \`type\` ends in the code, which is an anchor of this page:
\`https://chasqui.dev/errors#invalid_request\`. Programs should look at \`code\`, \`retryable\` and \`sideEffects\`; \`title\` and \`detail\` are for people.

- \`retryable\`: the same request may succeed later. The table shows the usual value; the document's own is the one that counts.
- \`sideEffects\`: \`none\`, nothing happened; \`possible\`, the outcome is not known, and a retry should carry the same \`Idempotency-Key\`.
- \`errors\`: where fields are at fault, a \`path\` and a \`message\` for each.
- \`instance\`: the request id, which is also in the \`Chasqui-Request-Id\` header and in the server's log.

This page is written by \`npm run docs\` from \`shared/contract/errors.ts\`.
`;

const codes = Object.keys(ERRORS) as ErrorCode[];

const tableLine = (code: ErrorCode): string => {
  const { status, retryable } = new ChasquiError(code, '');
  return `| ${status} | [\`${code}\`](#${code}) | ${retryable ? 'yes' : 'no'} |`;
};

const section = (code: ErrorCode): string =>
  `## ${code}\n\n**${ERRORS[code].status}** ${ERRORS[code].title}. ${ADVICE[code]}\n`;

/** docs/errors.md: one heading a code, whose anchor is what a problem's `type` points to. */
export const errorsPage = (): string =>
  [
    INTRODUCTION,
    ['| status | code | retryable |', '| --- | --- | --- |', ...codes.map(tableLine)].join('\n'),
    '',
    ...codes.map(section),
  ].join('\n');
