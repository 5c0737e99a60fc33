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

export const parseContentType = (header: string | undefined): ContentType => {
  if (header === undefined) return { type: '', charset: undefined };
  const end = header.indexOf(';');
  if (end === -1) return { type: header.trim().toLowerCase(), charset: undefined };
  return { type: header.slice(0, end).trim().toLowerCase(), charset: CHARSET.exec(header)?.[1]?.toLowerCase() };
};
