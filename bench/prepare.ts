import { produceBody } from './bodies.ts';
import { ask, type Bus, fill, makeTopic } from './bus.ts';

/** A topic that is fetched from, of one partition, and how far it goes. */
export interface ReadTopic {
  readonly name: string;
  readonly highWatermark: number;
}

export interface ReadTopics {
  /** Some 40 MB: far more than one answer, and less than what is remembered of answers. */
  readonly cached: ReadTopic;
  /** Some 160 MB, read in turns, so that no cache helps. */
  readonly uncached: ReadTopic;
}

/** In requests of 100 records of 1 KiB. */
const CACHED_REQUESTS = 400;
const UNCACHED_REQUESTS = 1600;

const filled = async (bus: Bus, name: string, requests: number): Promise<ReadTopic> => {
  await makeTopic(bus, name, 1);
  await fill(bus, `/v1/topics/${name}/records`, produceBody(100, 1024), requests);
  const page = JSON.parse(await ask(bus, 'GET', `/v1/topics/${name}/partitions`));
  return { name, highWatermark: page.data[0].highWatermark };
};

/** Makes the topics of the scenarios and fills those that are read. */
export const prepareTopics = async (bus: Bus): Promise<ReadTopics> => {
  await makeTopic(bus, 'produce', 4);
  return {
    cached: await filled(bus, 'fetch', CACHED_REQUESTS),
    uncached: await filled(bus, 'fetch-uncached', UNCACHED_REQUESTS),
  };
};
