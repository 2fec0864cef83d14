// A document → the same with other names for columns that openapi-typescript ends with, and those names back in its types: it decodes
// `%` in names as in addresses, and takes a property called `constructor` for one that all objects have.
import type { OpenApiDocument } from "../openapi/document.js";
import type { JsonSchema } from "../openapi/schema.js";

export interface Tamed {
  readonly tame: OpenApiDocument;
  /** The types of the tame document with its own names. */
  restored(types: string): string;
}

const isWild = (name: string): boolean => name.includes("%") || name in {};

export function tameNames(document: OpenApiDocument): Tamed {
  const wild = new Map<string, string>();
  const nameOf = (name: string): string => {
    if (!isWild(name)) return name;
    // The space keeps it in quotes.
    const other = wild.get(name) ?? `wild name ${wild.size}`;
    wild.set(name, other);
    return other;
  };
  const tame = renamed(document, nameOf) as OpenApiDocument;
  const names = new Map([...wild].map(([name, other]) => [JSON.stringify(other), name]));
  return {
    tame,
    restored: (types) =>
      types.replace(/"wild name \d+"/g, (text) => (names.has(text) ? JSON.stringify(names.get(text)) : text)),
  };
}

type NameOf = (name: string) => string;

/** Properties, what is required of them, and parameters. */
function renamed(value: unknown, nameOf: NameOf): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, nameOf));
  if (typeof value !== "object" || value === null) return value;
  const inner = Object.entries(value).map(([key, held]) => [
    key,
    keywords.get(key)?.(held, nameOf) ?? renamed(held, nameOf),
  ]);
  return Object.fromEntries(inner);
}

type Rename = (held: unknown, nameOf: NameOf) => unknown;

const keywords: ReadonlyMap<string, Rename> = new Map<string, Rename>([
  ["properties", renamedProperties],
  ["required", (held, nameOf) => (Array.isArray(held) ? held.map(nameOf) : undefined)],
  ["name", (held, nameOf) => (typeof held === "string" ? nameOf(held) : undefined)],
]);

function renamedProperties(held: unknown, nameOf: NameOf): JsonSchema {
  const all = Object.entries(held as JsonSchema).map(([name, schema]) => [nameOf(name), renamed(schema, nameOf)]);
  return Object.fromEntries(all);
}
