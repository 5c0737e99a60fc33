import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lockfile = new URL('../../package-lock.json', import.meta.url);
const { packages } = JSON.parse(readFileSync(lockfile, 'utf8')) as { packages: Record<string, LockedPackage> };

/**
 * `npm ci` refuses a lockfile that lacks an optional package, even one for another kind of machine, and a registry that carries only
 * some of them makes npm write such a lockfile. Then no fresh clone can be started. `node scripts/complete-lockfile.mjs` mends it.
 */
describe('package-lock.json', () => {
  it('has an entry for every optional package, as npm ci asks', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
      Object.keys(optionalDependencies ?? {}).filter(
        (name) =>
          packages[`${path}/node_modules/${name}`] === undefined && packages[`node_modules/${name}`] === undefined,
      ),
    );
    expect(missing).toEqual([]);
  });

  it('names no host, so that whoever installs uses a registry of their own', () => {
    const hosts = Object.values(packages).flatMap(({ resolved }) => resolved ?? []);
    expect(hosts).toEqual([]);
  });
});
