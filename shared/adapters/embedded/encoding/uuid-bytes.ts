const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** 16 bytes of a lower-case UUID; anything else is refused, because it would not come back as it was given. */
export const uuidToBytes = (uuid: string): Buffer => {
  if (!UUID.test(uuid)) {
    throw new TypeError(`Not a lower-case UUID: ${uuid}`);
  }
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
};

export const bytesToUuid = (bytes: Buffer, at = 0): string => {
  const hex = bytes.toString('hex', at, at + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};
