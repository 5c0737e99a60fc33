import { crc32c } from '../lib/crc32c.ts';
import { parseTenantId, type TenantId } from './ids.ts';

/**
 * An API key's text: `chq_<tenant>_<secret><checksum>`. The tenant in it says where to look, and nothing else: what proves it is that
 * the SHA-256 of the whole text is among that tenant's secrets. The checksum lets a typing error, and a scanner for leaked keys, do
 * without a look.
 */
const PREFIX = 'chq_';
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = DIGITS.length;
/** 256 bits and 32 bits, in base 62. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const TAIL_LENGTH = 1 + SECRET_LENGTH + CHECKSUM_LENGTH;
const TAIL = /^_[0-9A-Za-z]{49}$/;

/** A name that no tenant can have: `_` in front is the system's. */
const OPERATOR = '_operator';

export const SECRET_BYTES = 32;

const secretText = (secret: Uint8Array): string => {
  let rest = BigInt(`0x${Buffer.from(secret).toString('hex')}`);
  let text = '';
  for (let n = 0; n < SECRET_LENGTH; n++) {
    text = DIGITS[Number(rest % BigInt(BASE))]! + text;
    rest /= BigInt(BASE);
  }
  return text;
};

/** Of ASCII. In plain numbers: it is done for every request. */
const checksumOf = (ascii: string): string => {
  let rest = crc32c(Buffer.from(ascii, 'latin1'));
  let text = '';
  for (let n = 0; n < CHECKSUM_LENGTH; n++) {
    text = DIGITS[rest % BASE]! + text;
    rest = Math.floor(rest / BASE);
  }
  return text;
};

const format = (owner: string, secret: Uint8Array): string => {
  const body = `${PREFIX}${owner}_${secretText(secret)}`;
  return body + checksumOf(body);
};

/** The key that holds these 32 random bytes. */
export const formatKeyToken = (tenant: TenantId, secret: Uint8Array): string => format(tenant, secret);

/** An operator key as the embedded server makes one; a configured one may be any text. */
export const formatOperatorKey = (secret: Uint8Array): string => format(OPERATOR, secret);

/** The tenant that a key claims to be of; undefined where this is no key at all. */
export const tenantOfKeyToken = (token: string): TenantId | undefined => {
  const tailAt = token.length - TAIL_LENGTH;
  if (!token.startsWith(PREFIX) || !TAIL.test(token.slice(tailAt))) return undefined;
  const checksumAt = token.length - CHECKSUM_LENGTH;
  if (checksumOf(token.slice(0, checksumAt)) !== token.slice(checksumAt)) return undefined;
  return parseTenantId(token.slice(PREFIX.length, tailAt));
};
