import { call, keptConnections } from './call.ts';

const BODY = Buffer.alloc(1024, 'a');

/** Requests a second that node:http alone sends from this process, where the receiver is too: one behind the other on each connection. */
export const bareRate = async (url: string, connections: number, times: number): Promise<number> => {
  const agent = keptConnections();
  let left = times;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await call(agent, url, { method: 'POST', body: BODY });
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: connections }, worker));
  agent.destroy();
  return (times * 1000) / (performance.now() - startedAt);
};
