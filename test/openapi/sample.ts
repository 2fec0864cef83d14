// Values that fit a schema of the document, as they come: what a client would make who knows nothing but the document.
import type { Schemas } from "../support/json-schema.js";

// biome-ignore lint/suspicious/noExplicitAny: JSON Schemas, looked at by their keywords
type Schema = any;

/** Scalars of all grammars: those that a schema takes are picked out of them by validating. */
export const pool: readonly unknown[] = [
  ...[0, 1, 2, 7, -3, 127, 40_000, 3_000_000_000, 1.5, -0.25, 12345678.25, 1e20, true, false, null],
  ...[
    "",
    "a",
    "Zoë",
    "a longer text than most columns of text have room for, which is more than eighty characters",
    '🌲\n"q"',
  ],
  ...["5", "-7", "007", "12.50", "1e3", "99999999999999999999999999999999999999999", "yes", "true"],
  ...[
    "2024-02-29",
    "2023-02-29",
    "12:30",
    "12:30:00.25",
    "2024-02-29T12:30:00",
    "2024-02-29 12:30:00.5+02:00",
    "2031-12-31T23:59:59Z",
  ],
  ...[
    "0b9c5e1a-6f3d-4a63-9d0e-1f2a3b4c5d6e",
    "{0B9C5E1A6F3D4A639D0E1F2A3B4C5D6E}",
    "7d444840-9dc0-41d1-b245-5ffdce74fad2",
    "c9bf9e57-1685-4c89-bafb-ff5af830be8a",
    "9a3d1c5e-2f64-4b7a-8c1d-0e5f6a7b8c9d",
    "e4eaaaf2-d142-11e1-b3e4-080027620cdd",
    "AAE=",
    "_-8",
    "calm",
    "so-so",
  ],
  ...[{}, { a: [1, null] }, { increment: 1 }, { increment: "x" }, [], [1], ["x"], [null], [[1]]],
];

export interface Random {
  below(n: number): number;
}

/** Deterministic, so that a failure comes back with the same seed (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return {
    below(n) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * n);
    },
  };
}

/** How deep related rows stand in a sample. */
const DEEPEST = 1;

/** One that fits the schema, its optional fields there or not. */
export function sampleOf(document: Schema, schemas: Schemas, random: Random) {
  const choices = new Map<string, readonly unknown[]>();
  const pick = <T>(items: readonly T[]): T => items[random.below(items.length)] as T;
  const whole = (schema: Schema): Schema => {
    if (schema.$ref === undefined) return schema;
    const [, , kind, name] = schema.$ref.split("/");
    return whole(document.components[kind][name]);
  };
  const isObject = (schema: Schema): boolean => {
    const { type, properties, allOf = [] } = whole(schema);
    return type === "object" || properties !== undefined || allOf.some(isObject);
  };
  const scalar = (schema: Schema): unknown => {
    const key = JSON.stringify(schema);
    const known = choices.get(key) ?? pool.filter((value) => schemas.faults(schema, value) === undefined);
    choices.set(key, known);
    if (known.length === 0) throw new Error(`nothing fits ${key}`);
    return pick(known);
  };
  const fieldsOf = (schema: Schema, into: Map<string, Schema>, required: Set<string>): void => {
    const { properties = {}, required: names = [], allOf = [], anyOf } = whole(schema);
    for (const part of allOf) fieldsOf(part, into, required);
    // Of alternatives of fields one is taken: a foreign key, or the row that it leads to.
    if (anyOf?.every((one: Schema) => one.required !== undefined))
      for (const name of anyOf[0].required) required.add(name);
    for (const [name, field] of Object.entries(properties) as [string, Schema][]) {
      if (Object.keys(field).length > 0 || !into.has(name))
        into.set(name, field.not === undefined ? field : into.get(name));
    }
    for (const name of names) required.add(name);
  };
  const sample = (schema: Schema, depth: number): unknown => {
    const known = whole(schema);
    if (!isObject(known) && known.anyOf?.some(leadsOn)) return sample(pick(known.anyOf), depth);
    if (isObject(known) && !Array.isArray(known.type)) {
      const [fields, required] = [new Map<string, Schema>(), new Set<string>()];
      fieldsOf(known, fields, required);
      const chosen = [...fields].filter(
        ([name, field]) => required.has(name) || (random.below(2) === 0 && (depth < DEEPEST || isKnown(field))),
      );
      return Object.fromEntries(chosen.map(([name, field]) => [name, sample(field, depth + 1)]));
    }
    if (known.type === "array" && leadsOn(known.items)) {
      return Array.from({ length: random.below(3) }, () => sample(known.items, depth));
    }
    return scalar(schema);
  };
  /** Rows that are related to related rows are not, where cycles are cut. */
  const isKnown = (field: Schema): boolean => Object.keys(field).length > 0 && !leadsOn(field);
  const leadsOn = (schema: Schema): boolean => {
    const known = whole(schema);
    if (known.type === "array") return known.items !== undefined && leadsOn(known.items);
    return isObject(known) || (known.anyOf ?? []).some(leadsOn);
  };
  return (schema: Schema) => sample(schema, 0);
}
