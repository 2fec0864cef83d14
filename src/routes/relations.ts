// Schema → what each table is: a root, the many side of a 1-to-N, the link of an N-to-N. Every decision keeps its evidence.
import { ConfigError } from "../base/config-error.js";
import { createNaming, type Naming, type NamingOptions, wordsOf } from "../base/naming.js";
import {
  type ColumnType,
  type ForeignKey,
  isEnforced,
  type Schema,
  type Table,
  type ValueKind,
} from "../schema/schema.js";
import type { Candidate, Evidence, Reference, Relation } from "./relation.js";

export type { Evidence, EvidenceKind, Reference, Relation } from "./relation.js";

export interface RelateOptions extends NamingOptions {
  /** Which evidence counts beside the config's own word. Default `both`. */
  readonly classifyBy?: "both" | "constraints" | "names";
}

export function relate(schema: Schema, options: RelateOptions = {}): Relation[] {
  const naming = createNaming(options);
  const nouns = nounIndex(schema, naming);
  return schema.tables.flatMap((table) => relateTable(table, naming, nouns, options.classifyBy ?? "both"));
}

function relateTable(
  table: Table,
  naming: Naming,
  nouns: ReadonlyMap<string, Table>,
  classifyBy: "both" | "constraints" | "names",
): Relation[] {
  if (table.kind === "view") return [root(table, { by: "default", detail: "a view: a read-only root" })];
  const declared = table.foreignKeys
    .filter((key) => classifyBy !== "names" || key.configured)
    .map((key) => declaredCandidate(table, key));
  const named = classifyBy === "constraints" ? [] : namedCandidates(table, declared, naming, nouns);
  const candidates = [...declared, ...named];
  const link = asLink(table, candidates, nouns, naming, classifyBy);
  const children: Relation[] = candidates.map((candidate) => oneToN(table, candidate));
  const configured = table.relationTypes;
  if (configured !== undefined) {
    if (configured.includes("one-n") && children.length === 0) {
      throw new ConfigError(
        `tables.${table.id}.relationTypes`,
        `"one-n" needs a foreign key, and ${table.id} has none. Name it in belongsTo.`,
      );
    }
    const config: Evidence = { by: "config", detail: `relationTypes: ${configured.join(", ")}` };
    return [
      ...(configured.includes("root") ? [root(table, config)] : []),
      ...(configured.includes("one-n") ? children : []),
      ...(configured.includes("n-n") ? [{ ...(link ?? anyLink(table, candidates)), evidence: config }] : []),
    ];
  }
  if (link === undefined) {
    return [root(table, { by: "default", detail: "not a link between two tables" }), ...children];
  }
  const further = furtherColumns(table, link);
  if (further.length === 0) return [link];
  return [
    root(table, { by: "default", detail: `a link with columns of its own: ${further.join(", ")}` }),
    link,
    ...children,
  ];
}

const root = (table: Table, evidence: Evidence): Relation => ({ type: "root", table: table.id, evidence });

function oneToN(table: Table, candidate: Candidate): Relation {
  const { evidence, ...parent } = candidate;
  const unique = keysOf(table).some((key) => key.every((name) => parent.columns.includes(name)));
  return { type: "one-n", table: table.id, parent, unique, evidence };
}

function declaredCandidate(table: Table, key: ForeignKey): Candidate {
  const detail = `${table.id}(${key.columns.join(", ")}) references ${key.table}(${key.references.join(", ")})`;
  const name = key.name === null ? "foreign key" : `foreign key ${key.name}`;
  const by = key.configured ? "config" : "constraint";
  return {
    table: key.table,
    columns: key.columns,
    references: key.references,
    enforced: isEnforced(key),
    ...(key.as === undefined ? {} : { as: key.as }),
    evidence: { by, detail: key.configured ? `belongsTo: ${detail}` : `${name}: ${detail}` },
  };
}

/** Columns `<x>_id` / `<x>Id` for which a table `x` exists and which no declared foreign key explains already. */
function namedCandidates(
  table: Table,
  declared: readonly Candidate[],
  naming: Naming,
  nouns: ReadonlyMap<string, Table>,
): Candidate[] {
  const explained = new Set(declared.flatMap((candidate) => candidate.columns));
  const ownKey = table.primaryKey.length === 1 ? table.primaryKey[0] : undefined;
  return table.columns.flatMap(({ name, type, elsewhere }) => {
    const words = wordsOf(name);
    if (elsewhere || explained.has(name) || name === ownKey || words.length < 2 || words.at(-1) !== "id") return [];
    const parent = nouns.get(naming.noun(words.slice(0, -1)));
    if (parent === undefined || parent.primaryKey.length !== 1) return [];
    const key = parent.columns.find((column) => column.name === parent.primaryKey[0]);
    if (key !== undefined && !isComparable(type, key.type)) return [];
    const evidence: Evidence = { by: "name", detail: `the column ${table.id}.${name} is named after ${parent.id}` };
    return [{ table: parent.id, columns: [name], references: parent.primaryKey, enforced: false, evidence }];
  });
}

const numeric: ReadonlySet<ValueKind> = new Set(["integer", "decimal", "float"]);
const loose: ReadonlySet<ValueKind> = new Set(["any", "other"]);

/** A number never refers to a text: PostgreSQL would refuse to compare them. */
const isComparable = ({ kind: a }: ColumnType, { kind: b }: ColumnType): boolean =>
  a === b || loose.has(a) || loose.has(b) || (numeric.has(a) && numeric.has(b));

type LinkRelation = Extract<Relation, { type: "n-n" }>;

function asLink(
  table: Table,
  candidates: readonly Candidate[],
  nouns: ReadonlyMap<string, Table>,
  naming: Naming,
  classifyBy: "both" | "constraints" | "names",
): LinkRelation | undefined {
  return (
    (classifyBy === "names" ? undefined : linkByKey(table, candidates)) ??
    (classifyBy === "constraints" ? undefined : linkByName(table, candidates, nouns, naming))
  );
}

/** A primary or unique key that is exactly two foreign keys. They may share columns (a tenant's), if each has some of its own. */
function linkByKey(table: Table, candidates: readonly Candidate[]): LinkRelation | undefined {
  const others = candidates.filter((candidate) => candidate.table !== table.id);
  for (const key of keysOf(table)) {
    for (const [i, one] of others.entries()) {
      for (const other of others.slice(i + 1)) {
        if (!isUnion(key, one.columns, other.columns)) continue;
        const name = sameSet(key, table.primaryKey) ? "primary key" : "unique key";
        const detail = `the ${name} (${key.join(", ")}) is exactly two foreign keys, to ${one.table} and ${other.table}`;
        return link(table, one, other, { by: "key", detail });
      }
    }
  }
  return undefined;
}

/** A table `a_b` where `a` and `b` are tables and it holds a foreign key to each. */
function linkByName(
  table: Table,
  candidates: readonly Candidate[],
  nouns: ReadonlyMap<string, Table>,
  naming: Naming,
): LinkRelation | undefined {
  const words = wordsOf(table.name);
  for (let cut = 1; cut < words.length; cut++) {
    const a = nouns.get(naming.noun(words.slice(0, cut)));
    const b = nouns.get(naming.noun(words.slice(cut)));
    const one = candidates.find((candidate) => candidate.table === a?.id);
    const other = candidates.find((candidate) => candidate.table === b?.id && candidate !== one);
    if (one === undefined || other === undefined || a?.id === table.id || b?.id === table.id) continue;
    return link(table, one, other, {
      by: "name",
      detail: `named after ${one.table} and ${other.table}, with a foreign key to each`,
    });
  }
  return undefined;
}

function anyLink(table: Table, candidates: readonly Candidate[]): LinkRelation {
  const [one, other] = candidates;
  if (one === undefined || other === undefined) {
    throw new ConfigError(
      `tables.${table.id}.relationTypes`,
      `"n-n" needs two foreign keys, and ${table.id} has ${candidates.length}. Name them in belongsTo.`,
    );
  }
  return link(table, one, other, { by: "config", detail: "relationTypes" });
}

function link(table: Table, one: Candidate, other: Candidate, evidence: Evidence): LinkRelation {
  const side = ({ evidence: _, ...reference }: Candidate): Reference => reference;
  return { type: "n-n", table: table.id, sides: [side(one), side(other)], evidence };
}

function furtherColumns(table: Table, { sides }: LinkRelation): string[] {
  const used = new Set(sides.flatMap((side) => side.columns));
  return table.columns.map((column) => column.name).filter((name) => !used.has(name));
}

/** Every table by its noun: `users`, `user` and `User` are all `user`; where two tables share one, none is meant. */
function nounIndex(schema: Schema, naming: Naming): ReadonlyMap<string, Table> {
  const nouns = new Map<string, Table>();
  const ambiguous = new Set<string>();
  for (const table of schema.tables) {
    if (table.kind === "view") continue;
    const words = wordsOf(table.name);
    const noun = naming.noun(words);
    const { tableNamePlural } = naming.options;
    if (tableNamePlural === false && noun !== words.join("_")) continue;
    if (tableNamePlural === true && naming.path(words, "many") !== naming.path(words)) continue;
    if (nouns.has(noun)) ambiguous.add(noun);
    nouns.set(noun, table);
  }
  for (const noun of ambiguous) nouns.delete(noun);
  return nouns;
}

const keysOf = (table: Table): readonly (readonly string[])[] =>
  [table.primaryKey, ...table.uniqueKeys.map((key) => key.columns)].filter((key) => key.length > 0);

const isUnion = (key: readonly string[], one: readonly string[], other: readonly string[]): boolean =>
  sameSet(key, [...new Set([...one, ...other])]) &&
  one.some((name) => !other.includes(name)) &&
  other.some((name) => !one.includes(name));

const sameSet = (a: readonly string[], b: readonly string[]): boolean => {
  const set = new Set(b);
  return a.length === b.length && set.size === b.length && a.every((name) => set.has(name));
};
