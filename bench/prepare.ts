import { produceBody } from './bodies.ts';
import { ask, type Bus, fill, makeTopic } from './bus.ts';

/** Of 1 KiB each, so the log that is fetched from is some 40 MB: more than one answer, less than any cache of blobs forgets. */
const FETCH_REQUESTS = 400;

/** Makes the topics of the scenarios and fills the one that is read. Answers its high watermark. */
export const prepareTopics = async (bus: Bus): Promise<number> => {
  await makeTopic(bus, 'produce', 4);
  await makeTopic(bus, 'fetch', 1);
  await fill(bus, '/v1/topics/fetch/records', produceBody(100, 1024), FETCH_REQUESTS);
  const page = JSON.parse(await ask(bus, 'GET', '/v1/topics/fetch/partitions'));
  return page.data[0].highWatermark;
};
