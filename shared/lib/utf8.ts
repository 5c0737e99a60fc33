import { isUtf8 as nodeIsUtf8 } from 'node:buffer';

/** For those layers that may not import Node's modules themselves. */
export const isUtf8 = (bytes: Uint8Array): boolean => nodeIsUtf8(bytes);
