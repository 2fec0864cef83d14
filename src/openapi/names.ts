// What generated code calls things: components after tables, operations after what they do. Letters and digits of ASCII only.

import { wordsOf } from "../base/naming.js";
import type { AnyRoute, Resource, Route } from "../routes/tree.js";

/** `invoice_lines` → InvoiceLines, `größen` → Grossen. Of other scripts and signs each run is its characters' numbers: `日本` → Ujs5kke. */
export const pascal = (name: string): string =>
  wordsOf(asciiOf(name))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

/** Letters, digits and spaces of ASCII, the same for the same name, and others for another name. */
const asciiOf = (name: string): string =>
  name
    .replaceAll("ß", "ss")
    .normalize("NFKD")
    .replace(/(?<=[A-Za-z])\p{M}/gu, "")
    .replace(
      /(?:[^\p{ASCII}]|\p{M})+/gu,
      (run) => ` u${[...run].map((sign) => sign.codePointAt(0)?.toString(36)).join("")} `,
    )
    .replace(/[^A-Za-z0-9]+/g, " ");

/** What a column's parameter is called. */
export const parameterName = (field: string): string =>
  /^[\w-]+$/.test(field) ? field : wordsOf(asciiOf(field)).join("_") || "column";

/** What stands behind a table's name in the names of its components. */
const suffixes = [
  "",
  "Selection",
  "Flat",
  "Fields",
  "FlatFields",
  "ReplaceFields",
  "FieldsBelow",
  "FlatFieldsBelow",
  "ReplaceFieldsBelow",
  "Related",
  "Within",
  "Create",
  "FlatCreate",
  "CreateBelow",
  "Replace",
  "Changes",
  "Update",
  "FlatUpdate",
  "Link",
  "Ids",
];

const small = suffixes.map((suffix) => suffix.toLowerCase());

/** What a table's components are called, without capitals. */
export function filesOf(name: string): string[] {
  const first = name.toLowerCase();
  return small.map((suffix) => first + suffix);
}

/**
 * Each table's name in the document, by its id: a noun in the singular, its components' names taken by no other's. Generators write a
 * file for each, and files may not differ in capitals alone.
 */
export function componentNames(
  resources: readonly Resource[],
  reserved: readonly string[],
): ReadonlyMap<string, string> {
  const taken = new Set(reserved.map((name) => name.toLowerCase()));
  const names = new Map<string, string>();
  for (const { table, name: path, noun } of resources) {
    const wanted = (pascal(noun) || pascal(path) || pascal(table)).replace(/^(?=\d|$)/, "Table");
    const free = (name: string) => filesOf(name).every((file) => !taken.has(file));
    let name = wanted;
    for (let i = 2; !free(name); i++) name = `${wanted}${i}`;
    for (const file of filesOf(name)) taken.add(file);
    names.set(table, name);
  }
  return names;
}

/** What a parameter's component is called: not as a schema, whose file would be the same, nor as what every object has (`constructor`). */
export const parameterApart = (name: string, schemaNames: ReadonlySet<string>): string =>
  schemaNames.has(name.toLowerCase()) || name in {} ? `${name}_1` : name;

type Place = "one" | "many";

const verbs: Readonly<Record<Route["operation"], readonly [string, Place]>> = {
  list: ["list", "many"],
  read: ["get", "one"],
  create: ["create", "one"],
  replace: ["replace", "one"],
  update: ["update", "one"],
  delete: ["delete", "one"],
  restore: ["restore", "one"],
  updateMany: ["update", "many"],
  deleteMany: ["delete", "many"],
  link: ["add", "one"],
  unlink: ["remove", "one"],
  unlinkMany: ["remove", "many"],
  relink: ["set", "many"],
  readBytes: ["get", "one"],
  writeBytes: ["set", "one"],
  clearBytes: ["clear", "one"],
};

/** Names for operations: `listAlbums`, `getAlbum`, `createAlbumTrack`, `addPlaylistTrack`. The same tree, the same names. */
/** What says how an operation is called. */
export interface OperationNaming {
  /** `below` is the parameter behind a collection, which is named after one of its rows. */
  nameOf(route: AnyRoute, below: string | undefined): string;
}

export class OperationNames implements OperationNaming {
  private readonly taken = new Set<string>();

  constructor(private readonly nouns: ReadonlyMap<string, string>) {}

  nameOf(route: AnyRoute, below: string | undefined): string {
    if (route.operation === "batch") return this.free("runBatch");
    if (route.operation === "call") {
      const literals = route.pattern.split("/").filter((part) => part !== "" && !part.startsWith(":"));
      const named = route.steps.length === 0 ? literals.slice(1) : literals;
      return this.free((route.method === "GET" ? "ask" : "call") + named.map(pascal).join(""));
    }
    const [verb, place] = verbs[route.operation];
    const parts = this.partsOf(route, below);
    const before = parts.slice(0, -1).map(({ one }) => one);
    const { one, many } = parts.at(-1) as Named;
    const last = place === "one" ? one : many;
    // `/news`: what reads the same would be one name for a row and for all of them.
    const all = place === "many" && one === many && (verb === "update" || verb === "delete" || verb === "remove");
    const bytes = route.column === undefined ? "" : pascal(route.pattern.slice(route.pattern.lastIndexOf("/")));
    return this.free([verb, all ? "Many" : "", ...before, last, bytes].join(""));
  }

  /** Each pair of segments: what one row there is called, and what all are. */
  private partsOf({ pattern, steps }: Route, below: string | undefined): Named[] {
    const literals = pattern.split("/").filter((part) => part !== "" && !part.startsWith(":"));
    return steps.map(({ table, join, param, one }, i) => {
      const many = pascal(literals[i] as string) || "Rows";
      if (join === undefined) return { one: pascal(this.nouns.get(table) as string) || "Row", many };
      const named = param ?? (one ? undefined : below);
      return { one: named === undefined ? many : singularOf(named, many), many };
    });
  }

  private free(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.taken.has(name); i++) name = `${wanted}${i}`;
    this.taken.add(name);
    return name;
  }
}

interface Named {
  readonly one: string;
  readonly many: string;
}

/** `trackId` → Track: path parameters are named after one row. */
const singularOf = (param: string, many: string): string => pascal(param.replace(/Id\d*$/, "")) || many;
