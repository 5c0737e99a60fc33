/** The first 48 bits: in a UUID of version 7 when it was made, in milliseconds since the epoch (RFC 9562, 5.7); in any other, a number. */
export const first48Bits = (uuid: string): number => Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);

/** When it was made, in milliseconds since the epoch; undefined where it does not say. */
export const timeOfUuid = (uuid: string): number | undefined => (uuid[14] === '7' ? first48Bits(uuid) : undefined);
