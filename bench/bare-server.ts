/**
 * The yardstick: what node:http does on this machine when it keeps nothing. GET answers a few bytes, POST reads its body and answers as
 * a produce request would.
 */
import { createServer } from 'node:http';
import { announce, FIXED_MIB } from './yardstick.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const HEALTH = Buffer.from('{"status":"ok","version":"0"}');
const PRODUCED = Buffer.from('{"results":[{"partition":0,"offset":0,"timestamp":0}]}');

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, JSON_TYPE).end(request.url === '/buffer' ? FIXED_MIB : HEALTH);
    return;
  }
  request.resume();
  request.on('end', () => response.writeHead(200, JSON_TYPE).end(PRODUCED));
});

server.listen(0, '127.0.0.1', () => announce(server.address()));
