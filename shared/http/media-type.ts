import { ChasquiError } from '../contract/errors.ts';

interface Range {
  readonly type: string;
  readonly quality: number;
}

const parseRange = (text: string): Range => {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
};

/** 3: names the type itself; 2: `application/*`; 1: `*` for both; 0: does not match. */
const closeness = (range: string, offered: string): number => {
  if (range === offered) return 3;
  if (range === '*/*') return 1;
  return range.endsWith('/*') && offered.startsWith(range.slice(0, -1)) ? 2 : 0;
};

/** The closest range decides (RFC 9110 section 12.5.1); among equal qualities, a type that was named wins over a wildcard's. */
const scoreOf = (ranges: readonly Range[], offered: string): number => {
  let best = 0;
  let quality = 0;
  for (const range of ranges) {
    const close = closeness(range.type, offered);
    if (close <= best) continue;
    best = close;
    quality = range.quality;
  }
  return quality > 0 ? quality * 10 + best : 0;
};

/**
 * The best of what is offered.
 * @throws {ChasquiError} `not_acceptable`
 */
export const negotiate = (accept: string | undefined, offered: readonly string[]): string => {
  const first = offered[0]!;
  if (accept === undefined || accept === '*/*' || accept === '' || accept === first) return first;
  const ranges = accept.split(',').map(parseRange);
  const scores = offered.map((type) => scoreOf(ranges, type));
  const best = scores.indexOf(Math.max(...scores));
  if (scores[best]! > 0) return offered[best]!;
  throw new ChasquiError('not_acceptable', `This route answers ${offered.join(' or ')}.`);
};

export interface ContentType {
  /** In lower case, without parameters; empty where the header is absent. */
  readonly type: string;
  readonly charset: string | undefined;
}

const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)"?/i;
/** RFC 9110 section 8.3.1: two tokens. */
const MEDIA_TYPE = /^[!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+$/;

/** @throws {ChasquiError} `unsupported_media_type` where the header is no media type at all */
export const parseContentType = (header: string | undefined): ContentType => {
  if (header === undefined || header === '') return { type: '', charset: undefined };
  const end = header.indexOf(';');
  const type = (end === -1 ? header : header.slice(0, end)).trim().toLowerCase();
  if (!MEDIA_TYPE.test(type)) throw new ChasquiError('unsupported_media_type', 'The Content-Type is no media type.');
  return { type, charset: end === -1 ? undefined : CHARSET.exec(header)?.[1]?.toLowerCase() };
};
