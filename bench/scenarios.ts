import { produceBody } from './bodies.ts';
import type { Bus } from './bus.ts';
import type { Load } from './load.ts';
import type { ReadTopic, ReadTopics } from './prepare.ts';
import type { Server } from './server.ts';

export interface Servers {
  readonly bus: Bus;
  readonly bare: Server;
  readonly hono: Server;
}

/** One row of a round: what is sent to whom, for as long as the round says. */
export interface Scenario {
  readonly id: string;
  readonly server: Server;
  readonly load: Omit<Load, 'seconds'>;
}

const KIB = 1024;
const MANY = 64;
const FETCH_CONNECTIONS = 8;
const SINGLE = produceBody(1, KIB);
const HUNDRED = produceBody(100, KIB);
const JSON_TYPE = { 'content-type': 'application/json' };

/** Answers of 1 MiB, begun at places all over the log, a little less than an answer apart. */
const fetchPaths = ({ name, highWatermark }: ReadTopic): string[] => {
  const last = Math.max(0, highWatermark - 1100);
  const places = Math.ceil(last / 800);
  const offsets = Array.from({ length: places }, (_, index) => Math.floor((last * index) / places));
  return offsets.map(
    (offset) => `/v1/topics/${name}/partitions/0/records?offset=${offset}&limit=10000&maxBytes=${KIB * KIB}`,
  );
};

const getting = (server: Server, path: string, connections: number): Scenario['load'] => ({
  url: server.url,
  method: 'GET',
  paths: [path],
  headers: {},
  connections,
});

const fetching = (bus: Bus, topic: ReadTopic): Scenario['load'] => ({
  ...getting(bus, '', FETCH_CONNECTIONS),
  paths: fetchPaths(topic),
  headers: bus.headers,
});

const producing = (server: Server, headers: object, body: string, connections: number): Scenario['load'] => ({
  url: server.url,
  method: 'POST',
  paths: ['/v1/topics/produce/records'],
  headers: { ...headers, ...JSON_TYPE },
  body,
  connections,
});

/** Every row of a round, the bus and its yardsticks in turn. */
export const scenariosOf = ({ bus, bare, hono }: Servers, { cached, uncached }: ReadTopics): Scenario[] => [
  { id: 'bus health 1', server: bus, load: getting(bus, '/healthz', 1) },
  { id: 'bus single 1', server: bus, load: producing(bus, bus.headers, SINGLE, 1) },
  { id: 'bare single 1', server: bare, load: producing(bare, {}, SINGLE, 1) },
  { id: 'bus health 64', server: bus, load: getting(bus, '/healthz', MANY) },
  { id: 'bus single 64', server: bus, load: producing(bus, bus.headers, SINGLE, MANY) },
  { id: 'bare single 64', server: bare, load: producing(bare, {}, SINGLE, MANY) },
  { id: 'bus hundred', server: bus, load: producing(bus, bus.headers, HUNDRED, MANY) },
  { id: 'bare hundred', server: bare, load: producing(bare, {}, HUNDRED, MANY) },
  { id: 'bus fetch', server: bus, load: fetching(bus, cached) },
  { id: 'bus fetch uncached', server: bus, load: fetching(bus, uncached) },
  { id: 'bus fetch same', server: bus, load: { ...fetching(bus, cached), paths: fetchPaths(cached).slice(-1) } },
  { id: 'hono buffer', server: hono, load: getting(hono, '/buffer', FETCH_CONNECTIONS) },
  { id: 'bare buffer', server: bare, load: getting(bare, '/buffer', FETCH_CONNECTIONS) },
];
