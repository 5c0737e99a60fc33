/** The second yardstick: the stack that the bus stands on, Hono on @hono/node-server, sending a fixed buffer of 1 MiB. */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { announce, FIXED_MIB } from './yardstick.ts';

const app = new Hono();
app.get('/buffer', (context) => context.body(FIXED_MIB, 200, { 'content-type': 'application/json' }));

serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, announce);
