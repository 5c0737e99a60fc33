import type { TenantId } from '../../../contract/ids.ts';
import { ByteReader } from '../encoding/byte-reader.ts';
import { ByteWriter } from '../encoding/byte-writer.ts';
import type { Answered } from '../journal/operation.ts';
import { answerName } from './dirt.ts';
import type { IndexState } from './index-state.ts';
import { namedKey } from './keys.ts';

export type KeptAnswer = Pick<Answered, 'fingerprint' | 'expiresAt' | 'answer'>;

export const encodeAnswer = ({ expiresAt, fingerprint, answer }: KeptAnswer): Buffer =>
  new ByteWriter(64 + answer.length).f64(expiresAt).block(fingerprint).block(answer).bytes();

export const decodeAnswer = (payload: Buffer): KeptAnswer => {
  const from = new ByteReader(payload);
  return {
    expiresAt: from.f64(),
    fingerprint: Uint8Array.from(from.block()),
    answer: Uint8Array.from(from.block()),
  };
};

export const findAnswer = (state: IndexState, tenant: TenantId, key: string): KeptAnswer | undefined => {
  const unsaved = state.unsaved((dirt) => dirt.answers.get(answerName(tenant, key)));
  if (unsaved !== undefined) return unsaved;
  const payload = state.tables.get('answers', namedKey(tenant, key));
  return payload && decodeAnswer(payload);
};
