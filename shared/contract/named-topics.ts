import type { NamedTopic } from './route.ts';

/** The topics that the bodies of requests name, and what has to be allowed on each. */

const subscribeTo = (topics: readonly string[]): NamedTopic[] =>
  [...new Set(topics)].map((topic) => ({ topic, actions: ['subscribe'] }));

export const topicsOfPoll = ({ topics }: { topics: readonly string[] }): NamedTopic[] => subscribeTo(topics);

export const topicsOfCommit = ({ offsets }: { offsets: readonly { topic: string }[] }): NamedTopic[] =>
  subscribeTo(offsets.map(({ topic }) => topic));

export const topicOfSeek = ({ topic }: { topic: string }): NamedTopic[] => subscribeTo([topic]);

export const topicOfTicket = ({ topic }: { topic: string }): NamedTopic[] => [{ topic, actions: ['fetch'] }];
