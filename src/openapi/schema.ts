// The document's vocabulary: JSON Schemas as plain data, and what is done to any of them.

/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 has them. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** The schema, and null beside it. */
export function orNull(schema: JsonSchema): JsonSchema {
  if (Object.keys(schema).length === 0) return schema;
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: "null" }] };
  const { type } = schema;
  if (type === undefined) return { anyOf: [schema, { type: "null" }] };
  const types = [...(Array.isArray(type) ? type : [type]), "null"];
  return { ...schema, type: types, ...(Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {}) };
}

/** A value for each part, in their order. There are no further items; `items` stands there as linters ask for it (Spectral, `array-items`). */
export const tupleOf = (parts: readonly JsonSchema[]): JsonSchema => ({
  ...{ type: "array", prefixItems: parts, items: {} },
  ...{ minItems: parts.length, maxItems: parts.length },
});

/** Sentences beside a schema; nothing where there is nothing to say. */
export function described(schema: JsonSchema, ...sentences: readonly (string | undefined)[]): JsonSchema {
  const said = sentences.filter((sentence) => sentence !== undefined && sentence !== "");
  return said.length === 0 ? schema : { ...schema, description: said.join(" ") };
}

export const refTo = (place: string): JsonSchema => ({ $ref: `#/components/${place}` });
