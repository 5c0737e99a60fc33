import { BOX_KEY_BYTES, BOX_NONCE_BYTES, openBox, sealBox } from '../../lib/secret-box.ts';
import type { Random } from '../../ports/random.ts';
import type { Vault } from '../../ports/vault.ts';

/** AES-256-GCM under the deployment's own key. */
export const createAesVault = (key: Uint8Array, random: Pick<Random, 'bytes'>): Vault => {
  if (key.length !== BOX_KEY_BYTES) throw new Error(`The vault's key must have ${BOX_KEY_BYTES} bytes.`);
  return {
    seal: (text, context) => sealBox(key, random.bytes(BOX_NONCE_BYTES), text, context),
    open: (sealed, context) => openBox(key, sealed, context),
  };
};
