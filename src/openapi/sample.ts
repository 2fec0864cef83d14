// A schema of the document → one value that fits it: its own example, or the least that it asks for.
import type { JsonSchema } from "./schema.js";

type Resolve = (schema: JsonSchema) => JsonSchema;

/** Levels of objects and arrays that are filled. */
const DEEPEST = 4;

/** Objects have what they require, or the first fields where they require nothing. `resolve` follows `$ref`. */
export function sampleOf(schema: JsonSchema, resolve: Resolve, depth = 0): unknown {
  const { examples, const: only, enum: words, default: fallback, anyOf, oneOf, allOf, ...rest } = resolve(schema);
  const first = (list: unknown) => (Array.isArray(list) ? (list[0] as unknown) : undefined);
  const said = [first(examples), only, fallback, first(words)].find((value) => value !== undefined);
  if (said !== undefined) return said;
  const choice = first(anyOf) ?? first(oneOf);
  if (choice !== undefined) return sampleOf(choice as JsonSchema, resolve, depth);
  if (Array.isArray(allOf)) return Object.assign({}, ...allOf.map((part) => objectOf(sampleOf(part, resolve, depth))));
  return byType(rest, resolve, depth);
}

const objectOf = (value: unknown): object => (typeof value === "object" && value !== null ? value : {});

function byType(schema: JsonSchema, resolve: Resolve, depth: number): unknown {
  const { type, properties, required = [], items, minimum } = schema;
  switch (Array.isArray(type) ? type[0] : type) {
    case "integer":
    case "number":
      return typeof minimum === "number" && minimum > 0 ? minimum : 1;
    case "boolean":
      return true;
    case "array":
      return depth >= DEEPEST || items === undefined ? [] : [sampleOf(items as JsonSchema, resolve, depth + 1)];
    case "null":
      return null;
    case "string":
      return "text";
    default:
      return filled(
        (properties ?? {}) as Readonly<Record<string, JsonSchema>>,
        required as readonly string[],
        resolve,
        depth,
      );
  }
}

/** Fields of an object where nothing is required. */
const FIELDS = 3;

function filled(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
  resolve: Resolve,
  depth: number,
): object {
  if (depth >= DEEPEST) return {};
  const names = required.length > 0 ? required : Object.keys(properties).slice(0, FIELDS);
  return Object.fromEntries(
    names.flatMap((name) => {
      const property = properties[name];
      return property === undefined ? [] : [[name, sampleOf(property, resolve, depth + 1)]];
    }),
  );
}
