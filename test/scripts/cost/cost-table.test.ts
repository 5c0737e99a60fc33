import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chasqui } from '../../../scripts/cost/chasqui.ts';
import { costTable } from '../../../scripts/cost/cost-table.ts';

describe('costTable', () => {
  it('is what the documentation shows', () => {
    expect(readFileSync('docs/deploy.md', 'utf8')).toContain(costTable());
  });

  it('charges next to nothing for compute while nobody calls', () => {
    const idle = chasqui({ records: 0, perRequest: 1 });
    expect(idle).toBeLessThan(3);
    expect(chasqui({ records: 0, perRequest: 100 })).toBe(idle);
  });

  it('is at most ten cents a million in batches of a hundred, fixed costs aside', () => {
    const million = chasqui({ records: 2e6, perRequest: 100 }) - chasqui({ records: 1e6, perRequest: 100 });
    expect(million).toBeLessThan(0.13);
  });
});
