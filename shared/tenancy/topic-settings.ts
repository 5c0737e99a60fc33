import { ChasquiError, invalidField } from '../contract/errors.ts';
import { TOPIC_DEFAULTS } from '../contract/limits.ts';
import type { BodyOf } from '../contract/routes.ts';
import type { Topic } from '../contract/topic.ts';

export type TopicSettings = BodyOf<'putTopic'>;
type Settled = Omit<Topic, 'name' | 'id' | 'createdAt'>;

/** What a deployment of one zone, without compaction, can do. */
const ONE_ZONE = { replicationFactor: 1, writeQuorum: 1 };
const NOT_YET = 'is not available in this deployment yet';

/**
 * A setting that would have no effect is refused rather than stored.
 * @throws {ChasquiError} `invalid_request`
 */
export const refuseWithoutEffect = (settings: TopicSettings): void => {
  if (settings.cleanupPolicy === 'compact') throw invalidField('cleanupPolicy', `"compact" ${NOT_YET}`);
  for (const field of ['replicationFactor', 'writeQuorum'] as const) {
    const value = settings[field] ?? ONE_ZONE[field];
    if (value > ONE_ZONE[field]) throw invalidField(field, `${value} ${NOT_YET}: it has one zone`);
  }
};

/** A field left out takes its default when created … */
export const newSettings = (settings: TopicSettings): Settled => merge({ ...TOPIC_DEFAULTS, ...ONE_ZONE }, settings);

/** … and stays as it is when updated. @throws {ChasquiError} `conflict` where a field cannot change like this. */
export const changedSettings = (topic: Topic, settings: TopicSettings): Topic => {
  const next = { ...topic, ...merge(topic, settings) };
  if (next.partitions < topic.partitions) {
    throw new ChasquiError('conflict', `partitions can only grow; the topic has ${topic.partitions}.`);
  }
  if (next.cleanupPolicy !== topic.cleanupPolicy) {
    throw new ChasquiError('conflict', `cleanupPolicy cannot change; it is "${topic.cleanupPolicy}".`);
  }
  return next;
};

const merge = (base: Settled, settings: TopicSettings): Settled => ({
  partitions: settings.partitions ?? base.partitions,
  retentionMs: settings.retentionMs ?? base.retentionMs,
  retentionBytes: settings.retentionBytes ?? base.retentionBytes,
  cleanupPolicy: settings.cleanupPolicy ?? base.cleanupPolicy,
  replicationFactor: settings.replicationFactor ?? base.replicationFactor,
  writeQuorum: settings.writeQuorum ?? base.writeQuorum,
});

export const isSameTopic = (left: Topic, right: Topic): boolean =>
  (Object.keys(left) as (keyof Topic)[]).every((field) => left[field] === right[field]);
