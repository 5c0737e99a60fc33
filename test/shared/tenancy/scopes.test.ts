import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTIONS, type Action, type Scope } from '../../../shared/contract/scope.ts';
import { covers, governs, matchesPattern, opensTopic } from '../../../shared/tenancy/scopes.ts';
import { check } from '../../support/check.ts';

/** Few letters, so that patterns and names often meet. */
const names = fc.string({ unit: fc.constantFrom('a', 'b', '.'), minLength: 1, maxLength: 4 });
const patterns = fc.oneof(
  names,
  names.map((name) => `${name}*`),
  fc.constant('*'),
);
const scopes = fc.array(
  fc.record({
    actions: fc.uniqueArray(fc.constantFrom(...ACTIONS), { minLength: 1 }),
    topics: fc.array(patterns, { minLength: 1, maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 3 },
);

describe('matchesPattern', () => {
  it.each([
    ['orders', 'orders', true],
    ['orders', 'orders2', false],
    ['orders', 'order', false],
    ['orders', 'Orders', false],
    ['logs.*', 'logs.app', true],
    ['logs.*', 'logs.', true],
    ['logs.*', 'logs', false],
    ['*', 'anything', true],
  ])('%s and %s: %s', (pattern, topic, expected) => {
    expect(matchesPattern(pattern, topic)).toBe(expected);
  });
});

describe('covers', () => {
  it('never lets anything be opened that was not open', () => {
    check(
      fc.property(scopes, scopes, fc.constantFrom<Action>(...ACTIONS), names, (own, asked, action, topic) => {
        if (covers(own, asked) && opensTopic(asked, [action], topic))
          expect(opensTopic(own, [action], topic)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('covers itself, and each of its scopes', () => {
    check(
      fc.property(scopes, (own) => {
        expect(covers(own, own)).toBe(true);
        for (const scope of own) expect(covers(own, [scope])).toBe(true);
      }),
    );
  });

  const own: Scope[] = [
    { actions: ['manage', 'fetch'], topics: ['logs.*', 'orders'] },
    { actions: ['produce'], topics: ['*'] },
  ];
  it.each([
    ['fetch', 'logs.*', true],
    ['fetch', 'logs.a*', true],
    ['fetch', 'logs*', false],
    ['fetch', 'orders', true],
    ['fetch', 'orders*', false],
    ['fetch', '*', false],
    ['produce', '*', true],
    ['subscribe', 'orders', false],
  ] as const)('%s on %s: %s', (action, topic, expected) => {
    expect(covers(own, [{ actions: [action], topics: [topic] }])).toBe(expected);
  });
});

describe('governs', () => {
  it('asks for manage on the topics, not for the actions', () => {
    const own: Scope[] = [{ actions: ['manage'], topics: ['logs.*'] }];
    expect(governs(own, [{ actions: ['produce', 'fetch'], topics: ['logs.a', 'logs.b*'] }])).toBe(true);
    expect(governs(own, [{ actions: ['fetch'], topics: ['logs.a', 'orders'] }])).toBe(false);
    expect(governs([{ actions: ['fetch'], topics: ['*'] }], [{ actions: ['fetch'], topics: ['a'] }])).toBe(false);
  });
});
