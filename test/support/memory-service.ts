import type { Hono } from 'hono';
import { everyFunction, type LocalService } from '../../functions/local/listener.ts';
import { createAesVault } from '../../shared/adapters/secrets/aes-vault.ts';
import { parseTenantId, type TenantId } from '../../shared/contract/ids.ts';
import { ACTIONS, type Scope } from '../../shared/contract/scope.ts';
import { ReadAhead } from '../../shared/delivery/read-ahead.ts';
import { Drain } from '../../shared/http/drain.ts';
import type { EdgeEnv } from '../../shared/http/edge-request.ts';
import { createApp } from '../../shared/http/sub-app.ts';
import { BufferPool } from '../../shared/lib/buffer-pool.ts';
import { sha256 } from '../../shared/lib/sha256.ts';
import { BatchCache } from '../../shared/log/batch-cache.ts';
import { GroupCommit } from '../../shared/log/group-commit.ts';
import { RenderedEntries } from '../../shared/log/rendered-entries.ts';
import type { Log, LogFields } from '../../shared/ports/log.ts';
import type { FakeClock } from './fake-clock.ts';
import { fakeEndpoints } from './fake-endpoints.ts';
import { memoryPorts } from './memory-ports.ts';

export const OPERATOR_KEY = 'the-operator-of-the-tests';
export const ALL: readonly Scope[] = [{ actions: ACTIONS, topics: ['*'] }];

const MIB = 1024 * 1024;
const GROUP_COMMIT = {
  maxPendingBytes: 64 * MIB,
  maxPendingRequests: 1000,
  flushBytes: 4 * MIB,
  commitTimeoutMs: 10_000,
};

/** Remembers what was logged. */
export class MemoryLog implements Log {
  readonly lines: LogFields[] = [];

  enabled(): boolean {
    return true;
  }

  write(level: string, event: string, fields: LogFields): void {
    this.lines.push({ level, event, ...fields });
  }
}

export type MemoryService = LocalService & { readonly clock: FakeClock; readonly log: MemoryLog };

/** Every port in memory; any of them may be another one. */
export const memoryService = (other: Partial<LocalService> = {}): MemoryService => {
  const ports = memoryPorts();
  const pool = new BufferPool(8 * MIB);
  return {
    ...ports,
    groupCommit: new GroupCommit(ports, GROUP_COMMIT),
    cache: new BatchCache(ports.blobs, 8 * MIB, pool),
    pool,
    rendered: new RenderedEntries(8 * MIB, pool),
    repairs: { repair: async () => undefined },
    readAhead: new ReadAhead(8 * MIB),
    webhooks: fakeEndpoints(),
    vault: createAesVault(new Uint8Array(32).fill(7), ports.random),
    drain: new Drain(),
    log: new MemoryLog(),
    operatorKeyHash: Buffer.from(sha256(OPERATOR_KEY), 'hex'),
    version: '0.0.0',
    ...other,
  } as MemoryService;
};

/** The whole surface, as the embedded server mounts it. */
export const wholeApp = (service: LocalService): Hono<EdgeEnv> => createApp(service, everyFunction(service));

export const tenantId = (text: string): TenantId => {
  const id = parseTenantId(text);
  if (id === undefined) throw new Error(`${text} is no name.`);
  return id;
};

export interface Ask {
  readonly key?: string | undefined;
  readonly json?: unknown;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request, in process. */
export const ask = (app: Hono<EdgeEnv>, method: string, path: string, { key, json, body, headers }: Ask = {}) =>
  app.request(path, {
    method,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json === undefined ? (body === undefined ? {} : { body }) : { body: JSON.stringify(json) }),
  });

export interface MadeKey {
  readonly id: string;
  readonly key: string;
}

/** Makes the tenant, if it is not there, and a key of it. */
export const keyFor = async (
  app: Hono<EdgeEnv>,
  tenant: string,
  scopes: readonly Scope[] = ALL,
  more: object = {},
): Promise<MadeKey> => {
  await ask(app, 'PUT', `/v1/tenants/${tenant}`, { key: OPERATOR_KEY });
  const json = { name: 'for a test', scopes, ...more };
  const answer = await ask(app, 'POST', `/v1/tenants/${tenant}/keys`, { key: OPERATOR_KEY, json });
  if (answer.status !== 201) throw new Error(await answer.text());
  return (await answer.json()) as MadeKey;
};
