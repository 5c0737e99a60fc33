import { ChasquiError } from '../contract/errors.ts';
import { parseKeyId, parseTenantId, parseTopicName, type TopicName } from '../contract/ids.ts';
import { hmacSha256 } from '../lib/hmac.ts';
import { equalDigests } from '../lib/sha256.ts';
import type { KeyStore, StoredKey, StoredSecret } from '../ports/key-store.ts';
import type { Ports } from '../ports/ports.ts';
import type { TenantPrincipal } from './principal.ts';
import { opensTopic } from './scopes.ts';

/*
 * A ticket is `tkt_<what>.<proof>`: what it opens and until when, and an HMAC of that by the hash of a secret of its key. Nothing is
 * stored, and any instance that knows the key can judge it: it dies with its key, and with the secret when that is rotated away. Who
 * has a ticket learns nothing of the key, whose secret is 256 random bits.
 */
const PREFIX = 'tkt_';
const PURPOSE = 'chasqui stream ticket 1:';

type TicketPorts = { readonly keys: Pick<KeyStore, 'get'> } & Pick<Ports, 'clock'>;

export interface Ticket {
  readonly ticket: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const isOver = (expiresAt: number | undefined, now: number): boolean => expiresAt !== undefined && expiresAt <= now;

const secretsAlive = (key: StoredKey | undefined, now: number): readonly StoredSecret[] =>
  key === undefined || isOver(key.expiresAt, now) ? [] : key.secrets.filter(({ expiresAt }) => !isOver(expiresAt, now));

const proofOf = (what: string, { sha256 }: StoredSecret): Buffer =>
  hmacSha256(Buffer.from(sha256, 'hex'), PURPOSE + what);

/** Good for the topic alone, and no longer than its key. @throws {ChasquiError} `unauthenticated`: the key has just gone */
export const issueTicket = async (
  ports: TicketPorts,
  { tenant, keyId }: TenantPrincipal,
  topic: TopicName,
  lifeMs: number,
): Promise<Ticket> => {
  const now = ports.clock.now();
  const key = await ports.keys.get(tenant, keyId);
  const [secret] = secretsAlive(key, now);
  if (secret === undefined) throw new ChasquiError('unauthenticated', 'The key is not valid any more.');
  const ends = [now + lifeMs, key?.expiresAt, secret.expiresAt].filter((time) => time !== undefined);
  const expiresAt = Math.min(...ends);
  const what = Buffer.from(`${tenant}/${keyId}/${topic}/${expiresAt}`).toString('base64url');
  return { ticket: `${PREFIX}${what}.${proofOf(what, secret).toString('base64url')}`, expiresAt };
};

/** Whoever a ticket stands for, with the right to read its topic and nothing else; undefined where it is not good, or no longer. */
export const principalOfTicket = async (ports: TicketPorts, text: string): Promise<TenantPrincipal | undefined> => {
  const now = ports.clock.now();
  const parsed = parse(text);
  if (parsed === undefined || parsed.expiresAt <= now) return undefined;
  const { tenant, keyId, topic, what, proof } = parsed;
  const key = await ports.keys.get(tenant, keyId);
  if (!secretsAlive(key, now).some((secret) => equalDigests(proofOf(what, secret), proof))) return undefined;
  if (key === undefined || !opensTopic(key.scopes, ['fetch'], topic)) return undefined;
  return { kind: 'tenant', tenant, keyId, scopes: [{ actions: ['fetch'], topics: [topic] }] };
};

/** Whether a key still opens anything, for what it has opened and goes on. */
export const isKeyAlive = async (ports: TicketPorts, { tenant, keyId }: TenantPrincipal): Promise<boolean> =>
  secretsAlive(await ports.keys.get(tenant, keyId), ports.clock.now()).length > 0;

const PATTERN = /^tkt_([A-Za-z0-9_-]{1,800})\.([A-Za-z0-9_-]{43})$/;

const parse = (text: string) => {
  const [, what = '', proof = ''] = PATTERN.exec(text) ?? [];
  const [tenantText = '', keyText = '', topicText = '', time = ''] = Buffer.from(what, 'base64url')
    .toString()
    .split('/');
  const [tenant, keyId, topic] = [parseTenantId(tenantText), parseKeyId(keyText), parseTopicName(topicText)];
  if (tenant === undefined || keyId === undefined || topic === undefined || !/^\d{1,15}$/.test(time)) return undefined;
  return { tenant, keyId, topic, expiresAt: Number(time), what, proof: Buffer.from(proof, 'base64url') };
};
