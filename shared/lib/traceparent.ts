/** W3C Trace Context, section 3.2: version, trace id, parent id, flags; all zeros is invalid, and so is version ff. */
const TRACEPARENT =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-[\x21-\x7e]{0,64})?$/;

/** The header's value if it is valid: a broken trace is dropped, as the specification asks. */
export const parseTraceparent = (header: string | undefined): string | undefined =>
  header !== undefined && TRACEPARENT.test(header) ? header : undefined;
