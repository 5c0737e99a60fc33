import { join } from 'node:path';
import { parseTenantId } from '../contract/ids.ts';
import { ACTIONS } from '../contract/scope.ts';
import type { Ports } from '../ports/ports.ts';
import { createKey } from '../tenancy/keys.ts';
import { putTenant } from '../tenancy/tenants.ts';
import { readIfThere, writeSecretFile } from './secret-file.ts';

const MARK = 'first-start-done';

/** Until the keys have been shown once, every start is the first: a key that nobody has read is lost. */
export const isFirstStart = async (folder: string): Promise<boolean> =>
  (await readIfThere(join(folder, MARK))) === undefined;

export const markFirstStart = (folder: string): Promise<void> =>
  writeSecretFile(join(folder, MARK), 'The keys of this folder have been shown.');

/** The tenant `dev`, and a key of it that may do everything. */
export const makeDevKey = async (ports: Pick<Ports, 'tenants' | 'keys' | 'random' | 'clock'>): Promise<string> => {
  const tenant = parseTenantId('dev');
  if (tenant === undefined) throw new Error('"dev" is no name for a tenant.');
  await putTenant(ports, tenant, undefined);
  const scopes = [{ actions: [...ACTIONS], topics: ['*'] }];
  const { token } = await createKey(ports, { kind: 'operator', keyId: 'operator' }, tenant, { name: 'dev', scopes });
  return token;
};
