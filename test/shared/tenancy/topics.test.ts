import { describe, expect, it } from 'vitest';
import { ChasquiError } from '../../../shared/contract/errors.ts';
import { parseTopicName, type TopicName } from '../../../shared/contract/ids.ts';
import type { Topic } from '../../../shared/contract/topic.ts';
import { deleteTopic, patchTopic, putTopic } from '../../../shared/tenancy/topics.ts';
import { memoryPorts } from '../../support/memory-ports.ts';
import { tenantId } from '../../support/memory-service.ts';

const TENANT = tenantId('acme');
const NAME = parseTopicName('orders') as TopicName;
const OTHER = parseTopicName('other') as TopicName;

const refs = ({ id }: Topic, count: number) =>
  Array.from({ length: count }, (_, partition) => ({ topicId: id, partition }));
const refusal = (code: string) => expect.objectContaining({ code });

describe('deleteTopic, when the store fails behind the first step', () => {
  it('does not say that nothing has happened', async () => {
    const ports = memoryPorts();
    await putTopic(ports, TENANT, NAME, {});
    const failure = new ChasquiError('unavailable', 'The index cannot be written now.', { retryAfterSeconds: 1 });
    ports.offsets.dropPartitions = async () => {
      throw failure;
    };
    const told = { code: 'unavailable', sideEffects: 'possible', retryable: true, retryAfterSeconds: 1 };
    await expect(deleteTopic(ports, TENANT, NAME)).rejects.toMatchObject({ ...told, cause: failure });
  });
});

describe('putTopic', () => {
  it('makes the partitions before the name, so that no topic is ever seen without them', async () => {
    const ports = memoryPorts();
    const seen: unknown[] = [];
    const create = ports.topics.create;
    ports.topics.create = async (tenant, topic) => {
      seen.push(await ports.offsets.readHeads(tenant, refs(topic, 3)));
      return create(tenant, topic);
    };
    await putTopic(ports, TENANT, NAME, { partitions: 3 });
    expect(seen).toEqual([[expect.anything(), expect.anything(), expect.anything()]]);
  });

  it('leaves nothing behind where another was quicker to take the name', async () => {
    const ports = memoryPorts();
    const { create, get } = ports.topics;
    const lost: Topic[] = [];
    ports.topics.create = async (tenant, topic) => {
      ports.topics.create = create;
      lost.push(topic);
      await putTopic(ports, tenant, NAME, { partitions: 2 });
      return create(tenant, topic);
    };
    const { topic, created } = await putTopic(ports, TENANT, NAME, { retentionMs: 5 });
    expect(created).toBe(false);
    expect(topic).toMatchObject({ partitions: 2, retentionMs: 5 });
    expect(await get(TENANT, NAME)).toEqual(topic);
    expect(await ports.offsets.readHeads(TENANT, refs(lost[0] as Topic, 1))).toEqual([undefined]);
  });

  // Each round of writers has one that wins, and twenty rounds were all: of thirty, eight heard 503.
  it('does what each of 64 asks for at the same time', async () => {
    const ports = memoryPorts();
    await putTopic(ports, TENANT, NAME, {});
    const asked = Array.from({ length: 64 }, (_, n) => putTopic(ports, TENANT, NAME, { retentionMs: n + 1 }));
    const shown = (await Promise.all(asked)).map(({ topic }) => topic.retentionMs);
    expect(shown).toEqual(Array.from({ length: 64 }, (_, n) => n + 1));
  });

  it('gives up, and says that a retry helps, where others are always quicker', async () => {
    const ports = memoryPorts();
    await putTopic(ports, TENANT, NAME, {});
    ports.topics.replace = async () => false;
    const attempt = putTopic(ports, TENANT, NAME, { retentionMs: 1 });
    await expect(attempt).rejects.toMatchObject({ code: 'unavailable', retryable: true, sideEffects: 'none' });
  });

  it('keeps what is left out when it updates, and writes nothing where nothing changes', async () => {
    const ports = memoryPorts();
    const first = await putTopic(ports, TENANT, NAME, { partitions: 2, retentionMs: 60_000, retentionBytes: 5 });
    ports.topics.replace = () => Promise.reject(new Error('must not write'));
    expect(await putTopic(ports, TENANT, NAME, { partitions: 2 })).toEqual({ topic: first.topic, created: false });
  });

  it('grows partitions and never takes one away', async () => {
    const ports = memoryPorts();
    const { topic } = await putTopic(ports, TENANT, NAME, { partitions: 2 });
    expect((await putTopic(ports, TENANT, NAME, { partitions: 4 })).topic).toEqual({ ...topic, partitions: 4 });
    expect(await ports.offsets.readHeads(TENANT, refs(topic, 4))).not.toContain(undefined);
    await expect(putTopic(ports, TENANT, NAME, { partitions: 3 })).rejects.toThrow(refusal('conflict'));
  });

  it.each([{ cleanupPolicy: 'compact' as const }, { replicationFactor: 2 }, { writeQuorum: 2 }])(
    'refuses %o, which would have no effect, and says so',
    async (settings) => {
      const ports = memoryPorts();
      const put = async () => putTopic(ports, TENANT, NAME, settings);
      await expect(put()).rejects.toMatchObject({ code: 'invalid_request' });
      await expect(put()).rejects.toThrow(/this deployment/);
      expect(await ports.topics.get(TENANT, NAME)).toBeUndefined();
    },
  );
});

describe('copies of a topic', () => {
  const threeZones = () => ({ ...memoryPorts(), deployment: { zones: 3, replicationFactor: 3 } });
  const copiesOf = ({ replicationFactor, writeQuorum }: Topic) => [replicationFactor, writeQuorum];

  it('are as many as the deployment says, and more than half of them make a quorum', async () => {
    const ports = threeZones();
    expect(copiesOf((await putTopic(ports, TENANT, NAME, {})).topic)).toEqual([3, 2]);
    expect(copiesOf((await putTopic(ports, TENANT, OTHER, { replicationFactor: 2 })).topic)).toEqual([2, 2]);
  });

  it('change with the topic, and stay where nothing is said', async () => {
    const ports = threeZones();
    await putTopic(ports, TENANT, NAME, { replicationFactor: 1 });
    expect(copiesOf(await patchTopic(ports, TENANT, NAME, { replicationFactor: 3 }))).toEqual([3, 1]);
    expect(copiesOf(await patchTopic(ports, TENANT, NAME, { writeQuorum: 3 }))).toEqual([3, 3]);
    await expect(patchTopic(ports, TENANT, NAME, { replicationFactor: 2 })).rejects.toThrow(/writeQuorum is 3/);
    expect(copiesOf((await putTopic(ports, TENANT, NAME, { retentionMs: 1 })).topic)).toEqual([3, 3]);
  });

  it('are refused beyond the zones, with a sentence that names them', async () => {
    const ports = threeZones();
    const put = putTopic.bind(undefined, ports, TENANT, NAME);
    await expect(async () => put({ replicationFactor: 4 })).rejects.toThrow(
      'replicationFactor is 4, but this deployment has 3 zones.',
    );
    await expect(async () => put({ replicationFactor: 1, writeQuorum: 2 })).rejects.toThrow(
      'writeQuorum is 2, but must not exceed replicationFactor, 1.',
    );
  });
});

describe('patchTopic', () => {
  it('finds no topic that is not there', async () => {
    await expect(patchTopic(memoryPorts(), TENANT, NAME, {})).rejects.toThrow(refusal('topic_not_found'));
  });

  it('loses no change when two patch at once', async () => {
    const ports = memoryPorts();
    await putTopic(ports, TENANT, NAME, {});
    await Promise.all([
      patchTopic(ports, TENANT, NAME, { retentionMs: 1 }),
      patchTopic(ports, TENANT, NAME, { retentionBytes: 2 }),
      patchTopic(ports, TENANT, NAME, { partitions: 3 }),
    ]);
    expect(await ports.topics.get(TENANT, NAME)).toMatchObject({ retentionMs: 1, retentionBytes: 2, partitions: 3 });
  });
});

describe('deleteTopic', () => {
  it('leaves no partition behind when the topic grows at the same time, whoever is first', async () => {
    const grow = { partitions: 4 };
    const late = memoryPorts();
    const { topic } = await putTopic(late, TENANT, NAME, { partitions: 2 });
    const remove = late.topics.remove;
    late.topics.remove = async (...seen) => {
      late.topics.remove = remove;
      await patchTopic(late, TENANT, NAME, grow);
      return remove(...seen);
    };
    await deleteTopic(late, TENANT, NAME);
    expect(await late.offsets.readHeads(TENANT, refs(topic, 4))).toEqual(new Array(4).fill(undefined));

    const early = memoryPorts();
    const second = (await putTopic(early, TENANT, NAME, { partitions: 2 })).topic;
    const replace = early.topics.replace;
    early.topics.replace = async (...change) => {
      await deleteTopic(early, TENANT, NAME);
      return replace(...change);
    };
    await expect(patchTopic(early, TENANT, NAME, grow)).rejects.toThrow(refusal('topic_not_found'));
    expect(await early.offsets.readHeads(TENANT, refs(second, 4))).toEqual(new Array(4).fill(undefined));
  });

  it('takes the name first, then the partitions', async () => {
    const ports = memoryPorts();
    const { topic } = await putTopic(ports, TENANT, NAME, { partitions: 2 });
    await deleteTopic(ports, TENANT, NAME);
    expect(await ports.topics.get(TENANT, NAME)).toBeUndefined();
    expect(await ports.offsets.readHeads(TENANT, refs(topic, 2))).toEqual([undefined, undefined]);
    await expect(deleteTopic(ports, TENANT, NAME)).rejects.toThrow(refusal('topic_not_found'));
  });
});
