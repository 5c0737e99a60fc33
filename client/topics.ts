import type { Topic as ContractTopic } from '../shared/contract/topic.ts';
import type { Page, PageQuery } from './page.ts';
import { jsonOf, pathOf, type Transport } from './transport.ts';

export type Topic = Omit<ContractTopic, 'name' | 'id'> & { readonly name: string; readonly id: string };

export interface TopicFields {
  readonly partitions?: number;
  /** -1: for ever. */
  readonly retentionMs?: number;
  /** Per partition; -1: no bound. */
  readonly retentionBytes?: number;
  readonly cleanupPolicy?: 'delete' | 'compact';
  readonly replicationFactor?: number;
  readonly writeQuorum?: number;
}

export interface PartitionState {
  readonly partition: number;
  readonly logStartOffset: number;
  readonly highWatermark: number;
  readonly retainedBytes: number;
}

/** What `put` answers: `created` tells whether the topic is new. */
export type PutTopic = Topic & { readonly created: boolean };

export const topicsOf = (transport: Transport) => ({
  put: async (name: string, fields: TopicFields = {}): Promise<PutTopic> => {
    const answer = await transport({ method: 'PUT', path: pathOf('v1', 'topics', name), json: fields });
    return { ...jsonOf<Topic>(answer), created: answer.status === 201 };
  },
  patch: async (name: string, fields: TopicFields): Promise<Topic> =>
    jsonOf(await transport({ method: 'PATCH', path: pathOf('v1', 'topics', name), json: fields })),
  get: async (name: string): Promise<Topic> =>
    jsonOf(await transport({ method: 'GET', path: pathOf('v1', 'topics', name) })),
  list: async (query: PageQuery & { readonly prefix?: string } = {}): Promise<Page<Topic>> =>
    jsonOf(await transport({ method: 'GET', path: '/v1/topics', query: { ...query } })),
  delete: async (name: string): Promise<void> => {
    await transport({ method: 'DELETE', path: pathOf('v1', 'topics', name) });
  },
  partitions: async (name: string): Promise<{ readonly data: readonly PartitionState[] }> =>
    jsonOf(await transport({ method: 'GET', path: pathOf('v1', 'topics', name, 'partitions') })),
  /** Moves the log start of a partition: what lies before the offset is deleted. */
  deleteRecords: async (
    name: string,
    partition: number,
    beforeOffset: number,
  ): Promise<{ readonly logStartOffset: number }> => {
    const path = pathOf('v1', 'topics', name, 'partitions', partition, 'records');
    return jsonOf(await transport({ method: 'DELETE', path, query: { beforeOffset } }));
  },
});
