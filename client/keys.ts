import type { Scope } from '../shared/contract/scope.ts';
import type { Page, PageQuery } from './page.ts';
import { Secret } from './secret.ts';
import { type ApiAnswer, jsonOf, pathOf, type Transport } from './transport.ts';

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** RFC 3339. */
  readonly createdAt: string;
  /** RFC 3339; null or absent: never. */
  readonly expiresAt?: string | null;
}

/** As it is answered once, when the key is made or rotated. */
export type NewApiKey = ApiKey & { readonly key: Secret };

export interface NewKeyFields {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** RFC 3339. */
  readonly expiresAt?: string;
}

const newKeyOf = (answer: ApiAnswer): NewApiKey => {
  const fields = jsonOf<ApiKey & { readonly key: string }>(answer);
  return { ...fields, key: new Secret(fields.key) };
};

/** The keys of a tenant: named for the operator, the caller's own (action `manage`) where it is left out. */
export const keysOf = (transport: Transport, tenant?: string) => {
  const base = tenant === undefined ? '/v1/keys' : pathOf('v1', 'tenants', tenant, 'keys');
  return {
    create: async (fields: NewKeyFields): Promise<NewApiKey> =>
      newKeyOf(await transport({ method: 'POST', path: base, json: fields })),
    list: async (query: PageQuery = {}): Promise<Page<ApiKey>> =>
      jsonOf(await transport({ method: 'GET', path: base, query: { ...query } })),
    delete: async (id: string): Promise<void> => {
      await transport({ method: 'DELETE', path: `${base}${pathOf(id)}` });
    },
    /** A new secret for the key; the old one holds for `overlapMs` more. */
    rotate: async (id: string, options: { readonly overlapMs?: number } = {}): Promise<NewApiKey> =>
      newKeyOf(await transport({ method: 'POST', path: `${base}${pathOf(id, 'rotate')}`, json: options })),
  };
};
