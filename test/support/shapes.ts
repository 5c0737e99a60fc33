/** What the contract says that answers look like, written down again for tests that know nothing but HTTP. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly instance: string;
  readonly retryable: boolean;
  readonly sideEffects: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly highWatermark?: number;
  readonly logStartOffset?: number;
  readonly expectedOffset?: number;
}

export interface Placed {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
}

export interface Produced {
  readonly results: readonly Placed[];
}

export interface FetchedRecord {
  readonly partition?: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key?: string | null;
  readonly keyBase64?: string;
  readonly value?: unknown;
  readonly valueBase64?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Fetched {
  readonly records: readonly FetchedRecord[];
  readonly nextOffset: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
}

export interface Skip {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

export interface FetchedTopic {
  readonly records: readonly FetchedRecord[];
  readonly cursor: string;
  readonly skipped?: readonly Skip[];
}

export interface TopicBody {
  readonly name: string;
  readonly id: string;
  readonly partitions: number;
  readonly retentionMs: number;
  readonly retentionBytes: number;
  readonly cleanupPolicy: string;
  readonly replicationFactor: number;
  readonly writeQuorum: number;
  readonly createdAt: string;
}

export interface PartitionBody {
  readonly partition: number;
  readonly logStartOffset: number;
  readonly highWatermark: number;
  readonly retainedBytes: number;
}

export interface KeyBody {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly scopes: readonly ScopeBody[];
  readonly createdAt: string;
  readonly expiresAt?: string | null;
}

export interface ScopeBody {
  readonly actions: readonly string[];
  readonly topics: readonly string[];
}

export interface TenantBody {
  readonly id: string;
  readonly name: string;
  readonly quotas: Readonly<Record<string, number | null>>;
  readonly createdAt: string;
}

export interface ListBody<Item> {
  readonly data: readonly Item[];
  readonly nextCursor: string | null;
}
