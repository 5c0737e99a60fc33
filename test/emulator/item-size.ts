import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** About: half a byte a digit, and one byte more. */
const numberBytes = (text: string): number => Math.ceil(text.replace(/[-.]/g, '').length / 2) + 1;

const valueBytes = (value: AttributeValue): number => {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.B !== undefined) return value.B.length;
  if (value.L !== undefined) return 3 + value.L.reduce((sum, inner) => sum + 1 + valueBytes(inner), 0);
  return 1;
};

/** What DynamoDB bills an item as, by its developer guide, "DynamoDB item sizes and formats". */
export const itemBytes = (item: Record<string, AttributeValue>): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
