import { describe, expect, it } from 'vitest';
import { sideBySide } from '../../../shared/lib/side-by-side.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('sideBySide', () => {
  it('performs every item, so many at a time and in their order', async () => {
    const begun: number[] = [];
    let [underWay, most] = [0, 0];
    await sideBySide([0, 1, 2, 3, 4, 5, 6], 3, async (item) => {
      begun.push(item);
      underWay += 1;
      most = Math.max(most, underWay);
      await turn();
      underWay -= 1;
    });
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(most).toBe(3);
  });

  it('rejects with the first failure', async () => {
    const work = sideBySide([1, 2, 3], 2, async (item) => {
      await turn();
      throw new Error(`item ${item}`);
    });
    await expect(work).rejects.toThrow('item 1');
  });

  it('has nothing to do without items', async () => {
    await sideBySide([], 4, () => Promise.reject(new Error('never')));
  });
});
