import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { synthesize } from './synthesize.ts';

describe('synthesize', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'chasqui-cdk-'));
    vi.stubEnv('TMPDIR', folder);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it('leaves nothing in the temporary folder, whether it succeeds or fails', () => {
    synthesize({ zones: 2 }, { nag: true });
    expect(() => synthesize({ zones: 2, defaultReplicationFactor: 3 })).toThrow();
    expect(readdirSync(folder)).toEqual([]);
  });
});
