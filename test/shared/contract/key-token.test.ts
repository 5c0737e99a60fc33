import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NAME_PATTERN } from '../../../shared/contract/ids.ts';
import { formatKeyToken, formatOperatorKey, tenantOfKeyToken } from '../../../shared/contract/key-token.ts';
import { check } from '../../support/check.ts';
import { tenantId } from '../../support/memory-service.ts';

const names = fc.stringMatching(NAME_PATTERN).map(tenantId);
const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 });
const ALPHABET = 'abcXYZ019._-~ chq';

describe('a key', () => {
  it('says whose it is, whatever the name', () => {
    check(
      fc.property(names, secrets, (tenant, secret) => {
        const token = formatKeyToken(tenant, secret);
        expect(token).toMatch(/^chq_[A-Za-z0-9._-]+_[0-9A-Za-z]{49}$/);
        expect(tenantOfKeyToken(token)).toBe(tenant);
      }),
    );
  });

  it('is another one for another secret or another tenant', () => {
    check(
      fc.property(names, names, secrets, secrets, (a, b, one, other) => {
        const same = a === b && Buffer.compare(one, other) === 0;
        expect(formatKeyToken(a, one) === formatKeyToken(b, other)).toBe(same);
      }),
    );
  });

  it('with one letter wrong, too many or too few is none', () => {
    check(
      fc.property(
        names,
        secrets,
        fc.nat(),
        fc.constantFrom(...ALPHABET, ''),
        fc.nat(1),
        (tenant, secret, n, letter, cut) => {
          const token = formatKeyToken(tenant, secret);
          const at = n % (token.length + 1);
          const changed = token.slice(0, at) + letter + token.slice(at + cut);
          fc.pre(changed !== token);
          expect(tenantOfKeyToken(changed)).toBeUndefined();
        },
      ),
    );
  });

  it('of the operator is of no tenant', () => {
    const key = formatOperatorKey(new Uint8Array(32).fill(7));
    expect(key).toMatch(/^chq__operator_[0-9A-Za-z]{49}$/);
    expect(tenantOfKeyToken(key)).toBeUndefined();
  });

  it.each(['', 'chq_', 'chq__', `chq_${'a'.repeat(50)}`, `chq_${'_'.repeat(60)}`, `${'x'.repeat(10_000)}`])(
    'is not %s',
    (text) => {
      expect(tenantOfKeyToken(text)).toBeUndefined();
    },
  );
});
