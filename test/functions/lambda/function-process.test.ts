import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TenantId } from '../../../shared/contract/ids.ts';
import { formatKeyToken } from '../../../shared/contract/key-token.ts';
import { bundle, EmptyWorld, FunctionProcess } from './function-process.ts';

const KEY = formatKeyToken('acme' as TenantId, new Uint8Array(32));
const event = (rawPath: string, key: string) => ({
  rawPath,
  rawQueryString: '',
  headers: { authorization: `Bearer ${key}` },
  requestContext: { http: { method: 'GET' } },
});

describe('a bundle, started as Lambda starts it', () => {
  const folder = bundle('fetch');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  let world: EmptyWorld;
  let lambda: FunctionProcess;

  beforeEach(async () => {
    world = new EmptyWorld();
    lambda = new FunctionProcess(folder, await world.open());
    expect(await lambda.line()).toBe('ready');
  });

  afterEach(() => {
    lambda.cleanup();
    world.close();
  });

  it('has opened its connections and read the operator key before the first request', async () => {
    expect([...world.asked].sort()).toEqual(['GetItem', 'GetSecretValue']);
    lambda.send(event('/v1/topics/t/records', 'operator'));
    expect(JSON.parse(await lambda.line())).toMatchObject({ statusCode: 403 });
    expect(world.asked).toHaveLength(2);
  });

  it('ends at once on SIGTERM when it has nothing to do', async () => {
    lambda.end();
    expect(await lambda.exited).toBe(0);
  });

  it('answers what is under way before it ends', async () => {
    world.delayMs = 300;
    const asked = world.asked.length;
    lambda.send(event('/v1/topics/t/records', KEY));
    await expect.poll(() => world.asked.length).toBeGreaterThan(asked);
    const answer = lambda.line();
    lambda.end();
    expect(JSON.parse(await answer)).toMatchObject({ statusCode: 401 });
    expect(await lambda.exited).toBe(0);
  });
});
