import type { AddressInfo } from 'node:net';

/** What both yardsticks send where the bus sends records. */
export const FIXED_MIB = new Uint8Array(1024 * 1024).fill(0x61);

/** Says where a yardstick listens, in the one line that whoever started it waits for. */
export const announce = (address: AddressInfo | string | null): void => {
  if (address === null || typeof address === 'string') throw new Error('a yardstick listens on a TCP port');
  process.stdout.write(`http://127.0.0.1:${address.port}\n`);
};
