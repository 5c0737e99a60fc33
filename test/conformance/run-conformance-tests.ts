import { afterAll, beforeAll, describe } from 'vitest';
import { BusUnderTest, type Chapter, type Target } from './bus-under-test.ts';
import { conditional } from './conditional.conformance.ts';
import { conventions } from './conventions.conformance.ts';
import { cursors } from './cursors.conformance.ts';
import { errors } from './errors.conformance.ts';
import { eventModes } from './event-modes.conformance.ts';
import { events } from './events.conformance.ts';
import { fetchRecords } from './fetch.conformance.ts';
import { fetchNdjson } from './fetch-ndjson.conformance.ts';
import { fetchTopicCursor } from './fetch-topic-cursor.conformance.ts';
import { groupOffsets } from './group-offsets.conformance.ts';
import { groups } from './groups.conformance.ts';
import { health } from './health.conformance.ts';
import { idempotency } from './idempotency.conformance.ts';
import { keyLifetimes } from './key-lifetimes.conformance.ts';
import { keys } from './keys.conformance.ts';
import { limits } from './limits.conformance.ts';
import { lists } from './lists.conformance.ts';
import { longPoll } from './long-poll.conformance.ts';
import { manyCommits } from './many-commits.conformance.ts';
import { openapi } from './openapi.conformance.ts';
import { partitioning } from './partitioning.conformance.ts';
import { partitions } from './partitions.conformance.ts';
import { produceJson } from './produce-json.conformance.ts';
import { produceLimits } from './produce-limits.conformance.ts';
import { produceNdjson } from './produce-ndjson.conformance.ts';
import { produceRaw } from './produce-raw.conformance.ts';
import { requestBodies } from './request-bodies.conformance.ts';
import { scopes } from './scopes.conformance.ts';
import { stream } from './stream.conformance.ts';
import { subscriptions } from './subscriptions.conformance.ts';
import { tenants } from './tenants.conformance.ts';
import { topicLifetimes } from './topic-lifetimes.conformance.ts';
import { topics } from './topics.conformance.ts';
import { values } from './values.conformance.ts';

const CHAPTERS: Readonly<Record<string, Chapter>> = {
  health,
  openapi,
  conventions,
  errors,
  lists,
  'request-bodies': requestBodies,
  tenants,
  keys,
  'key-lifetimes': keyLifetimes,
  scopes,
  topics,
  'topic-lifetimes': topicLifetimes,
  partitions,
  'produce-json': produceJson,
  'produce-limits': produceLimits,
  values,
  partitioning,
  'produce-ndjson': produceNdjson,
  'produce-raw': produceRaw,
  events,
  'event-modes': eventModes,
  idempotency,
  conditional,
  fetch: fetchRecords,
  'fetch-ndjson': fetchNdjson,
  'fetch-topic-cursor': fetchTopicCursor,
  cursors,
  'many-commits': manyCommits,
  'long-poll': longPoll,
  stream,
  subscriptions,
  groups,
  'group-offsets': groupOffsets,
  limits,
};

const declareChapter = (name: string, chapter: Chapter, target: Target): void => {
  describe(name, () => {
    const bus = new BusUnderTest(target, name);
    beforeAll(() => bus.open());
    afterAll(() => bus.close());
    chapter(bus);
  });
};

/** The whole contract as tests, over HTTP alone: any deployment that has a base URL and an operator key can be held to it. */
export const runConformanceTests = (target: Target): void => {
  for (const [name, chapter] of Object.entries(CHAPTERS)) declareChapter(name, chapter, target);
};
