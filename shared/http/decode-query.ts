import { ChasquiError, invalidField } from '../contract/errors.ts';

const ENCODED = /[%+]/;
/** RFC 3986: whatever else there is has to be percent-encoded. */
const VISIBLE_ASCII = /^[\x21-\x7e]*$/;

const decode = (text: string): string => {
  if (!ENCODED.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new ChasquiError('invalid_request', 'The query has a percent-encoding that is not UTF-8.');
  }
};

/**
 * A query string's parameters, as forms and browsers write them. A parameter that stands twice is refused: which one counts is a
 * riddle that attackers like.
 */
export const decodeQuery = (raw: string): Record<string, string> => {
  if (!VISIBLE_ASCII.test(raw)) throw new ChasquiError('invalid_request', 'The query has to be percent-encoded.');
  const parameters: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const part of raw.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = decode(equals === -1 ? part : part.slice(0, equals));
    if (Object.hasOwn(parameters, name)) throw invalidField(name, 'must not be given twice');
    parameters[name] = equals === -1 ? '' : decode(part.slice(equals + 1));
  }
  return parameters;
};
