import * as z from 'zod';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

const REF = '#/components/schemas/';
const OPTIONS = {
  io: 'input',
  override: ({ jsonSchema }: { jsonSchema: JsonSchema }) => simplify(jsonSchema),
} as const;

/** What a format says already, and bounds that only mean "what a double can hold", are noise to readers. */
const simplify = (schema: JsonSchema): void => {
  if (schema.format !== undefined) delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
};

const bare = ({ $schema: _dialect, $id: _id, ...schema }: JsonSchema): JsonSchema => schema;

/** Every schema that has an id, by it: the very ones that validate. */
export const namedSchemas = (): Record<string, JsonSchema> => {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { ...OPTIONS, uri: (id) => REF + id });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)]));
};

/** A reference where the schema has an id, else the schema itself. */
export const schemaOf = (schema: z.ZodType): JsonSchema => {
  const id = z.globalRegistry.get(schema)?.id;
  return id === undefined ? bare(z.toJSONSchema(schema, OPTIONS) as JsonSchema) : { $ref: REF + id };
};
