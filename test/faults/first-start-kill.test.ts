import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { must } from '../support/bus.ts';
import { Http } from '../support/http.ts';
import { makeFolder, ServerProcess, spawnServer } from '../support/server-process.ts';

/** Killed at any moment of its first start, a server starts the next time, and whoever has not seen the keys gets to see them. */
it.each([60, 200, 300, 450])('a first start that is killed after %i ms does no harm', async (afterMs) => {
  const folder = await makeFolder();
  const broken = spawnServer({ CHASQUI_PORT: '0', CHASQUI_DATA: folder });
  await pause(afterMs);
  broken.signal('SIGKILL');
  const { output } = await broken.exited;
  const server = await ServerProcess.start({ dataFolder: folder });
  const http = new Http(server.baseUrl);
  try {
    const devKey = server.devKey || /^dev key: (\S+)$/m.exec(output)?.[1];
    expect(must(await http.as(devKey).get('/v1/whoami'), 200).json()).toMatchObject({ kind: 'tenant', tenant: 'dev' });
    must(await http.as(server.operatorKey).get('/v1/tenants/dev'), 200);
  } finally {
    http.close();
    await server.kill();
    await rm(folder, { recursive: true, force: true });
  }
});
