import { ChasquiError, invalidField } from '../contract/errors.ts';
import { TOPIC_DEFAULTS } from '../contract/limits.ts';
import type { BodyOf } from '../contract/routes.ts';
import type { Topic } from '../contract/topic.ts';
import type { Deployment } from '../ports/deployment.ts';

export type TopicSettings = BodyOf<'putTopic'>;
type Settled = Omit<Topic, 'name' | 'id' | 'createdAt' | 'raisedAt'>;

/** More than half, so that a zone may be lost and no produce fails for it: 2 of 3. */
export const majority = (copies: number): number => Math.floor(copies / 2) + 1;

/**
 * A setting that would have no effect is refused rather than stored.
 * @throws {ChasquiError} `invalid_request`
 */
export const refuseWithoutEffect = (settings: TopicSettings, { zones }: Deployment): void => {
  if (settings.cleanupPolicy === 'compact')
    throw invalidField('cleanupPolicy', '"compact" is not available in this deployment yet');
  for (const field of ['replicationFactor', 'writeQuorum'] as const) {
    const value = settings[field] ?? 1;
    if (value > zones)
      throw invalidField(field, `is ${value}, but this deployment has ${zones === 1 ? 'one zone' : `${zones} zones`}`);
  }
};

/** A field left out takes its default when created … @throws {ChasquiError} `invalid_request` */
export const newSettings = (settings: TopicSettings, deployment: Deployment): Settled => {
  const replicationFactor = settings.replicationFactor ?? deployment.replicationFactor;
  const defaults = { ...TOPIC_DEFAULTS, replicationFactor, writeQuorum: majority(replicationFactor) };
  return withinReach(merge(defaults, settings));
};

/**
 * … and stays as it is when updated.
 * @throws {ChasquiError} `conflict` where a field cannot change like this, `invalid_request` where two do not go together.
 */
export const changedSettings = (topic: Topic, settings: TopicSettings): Topic => {
  const next = { ...topic, ...withinReach(merge(topic, settings)) };
  if (next.partitions < topic.partitions) {
    throw new ChasquiError('conflict', `partitions can only grow; the topic has ${topic.partitions}.`);
  }
  if (next.cleanupPolicy !== topic.cleanupPolicy) {
    throw new ChasquiError('conflict', `cleanupPolicy cannot change; it is "${topic.cleanupPolicy}".`);
  }
  return next;
};

/** With its mark, where its retention is longer now (see `retainEverything`). */
export const marked = (seen: Topic, next: Topic, now: number): Topic => {
  const isRaised = seen.retentionMs >= 0 && (next.retentionMs < 0 || next.retentionMs > seen.retentionMs);
  return isRaised ? { ...next, raisedAt: now } : next;
};

const withinReach = (settled: Settled): Settled => {
  const { replicationFactor, writeQuorum } = settled;
  if (writeQuorum <= replicationFactor) return settled;
  throw invalidField('writeQuorum', `is ${writeQuorum}, but must not exceed replicationFactor, ${replicationFactor}`);
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
