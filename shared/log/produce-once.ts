import { ChasquiError } from '../contract/errors.ts';
import type { TenantId } from '../contract/ids.ts';
import { LIMITS } from '../contract/limits.ts';
import type { RecordInput } from '../contract/record.ts';
import type { Topic } from '../contract/topic.ts';
import type { Claim, IdempotencyRecord, OffsetStore } from '../ports/offset-store.ts';
import type { TenantRegistry } from '../ports/tenant-registry.ts';
import type { PartOutcome } from './append.ts';
import { assignPartitions } from './assign-partitions.ts';
import { readKeptAnswer, writeKeptAnswer } from './kept-answer.ts';
import { type ProducePorts, type ProduceResult, placeNow, produce, resultsOf } from './produce.ts';

type OncePorts = ProducePorts & {
  readonly tenants: Pick<TenantRegistry, 'get'>;
  readonly offsets: Pick<OffsetStore, 'claim' | 'release'>;
};

export interface ProduceOnceCall {
  readonly tenant: TenantId;
  /** Asked only when the key is new: a repeat is answered even when the topic is gone. */
  readonly topic: () => Promise<Topic>;
  readonly records: readonly RecordInput[];
  readonly expectedOffset?: number | undefined;
  readonly key: string;
  /** SHA-256 over method, path, query and body. */
  readonly fingerprint: Uint8Array;
}

export interface OnceResult {
  readonly results: ProduceResult[];
  readonly replayed: boolean;
}

/**
 * Produces under an idempotency key: the first request with it is stored, in one commit with the key; a repeat is told what the
 * first one was told. Only success is kept.
 * @throws {ChasquiError} `idempotency_in_flight`, `idempotency_key_reused`, and all that `produce` throws.
 */
export async function produceOnce(ports: OncePorts, call: ProduceOnceCall): Promise<OnceResult> {
  const { record, claim } = await claimKey(ports, call);
  if (claim.kind === 'in_flight') throw inFlight();
  if (claim.kind === 'claimed') return { results: await produceClaimed(ports, call, record), replayed: false };
  if (Buffer.compare(claim.fingerprint, call.fingerprint) !== 0) throw keyReused();
  return { results: replay(call.records, claim.answer), replayed: true };
}

interface Claimed {
  readonly record: IdempotencyRecord;
  readonly claim: Claim;
}

/** What a deleted tenant was told is nothing to one that was made again under its name. Only a repeat has to look. */
async function claimKey(ports: OncePorts, { tenant, key, fingerprint }: ProduceOnceCall): Promise<Claimed> {
  const now = ports.clock.now();
  const record = { key, fingerprint, expiresAt: now + LIMITS.idempotencyWindowMs };
  const claim = await ports.offsets.claim(tenant, record, now);
  if (claim.kind !== 'done') return { record, claim };
  const createdAt = Date.parse((await ports.tenants.get(tenant))?.createdAt ?? '');
  if (!(readKeptAnswer(claim.answer).placement.timestamp < createdAt)) return { record, claim };
  const anew = { ...record, voidUntil: createdAt + LIMITS.idempotencyWindowMs - 1 };
  return { record: anew, claim: await ports.offsets.claim(tenant, anew, now) };
}

async function produceClaimed(
  ports: OncePorts,
  call: ProduceOnceCall,
  record: IdempotencyRecord,
): Promise<ProduceResult[]> {
  const { tenant, records, expectedOffset, key } = call;
  try {
    const topic = await call.topic();
    const placement = placeNow(ports, topic);
    const answerOf = (baseOffsets: readonly number[]) => writeKeptAnswer({ placement, baseOffsets });
    const baseOffsetsOf = (answer: Uint8Array) => readKeptAnswer(answer).baseOffsets;
    const idempotency = { record, answerOf, baseOffsetsOf };
    return await produce(ports, { tenant, topic, records, placement, expectedOffset, idempotency });
  } catch (error) {
    // Where the outcome is not known the claim stays until it ends by itself, so that a repeat cannot store twice.
    const isUnknown = error instanceof ChasquiError && error.sideEffects === 'possible';
    // A claim that cannot be released ends by itself; what went wrong before says more.
    if (!isUnknown) await ports.offsets.release(tenant, key).catch(() => undefined);
    throw error;
  }
}

function replay(records: readonly RecordInput[], answer: Uint8Array): ProduceResult[] {
  const { placement, baseOffsets } = readKeptAnswer(answer);
  const outcomes = baseOffsets.map((baseOffset): PartOutcome => ({ kind: 'stored', baseOffset }));
  return resultsOf(assignPartitions(records, placement), outcomes);
}

const inFlight = (): ChasquiError =>
  new ChasquiError('idempotency_in_flight', 'A request with this Idempotency-Key is still under way.', {
    retryAfterSeconds: 1,
  });

const keyReused = (): ChasquiError =>
  new ChasquiError('idempotency_key_reused', 'This Idempotency-Key was used for another request.');
