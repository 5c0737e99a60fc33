import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('a second synthesis of the same sources would change nothing', { timeout: 180_000 }, () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/aws/diff.mjs'], { encoding: 'utf8' });
  expect(`${status} ${stderr}`).toBe('0 ');
});
