// Schema → what each table is: a root, the many side of a 1-to-N, the link of an N-to-N. Every decision keeps its evidence.
import { ConfigError } from "../base/config-error.js";
import { createNaming, type NamingOptions } from "../base/naming.js";
import { type ForeignKey, isEnforced, type Schema, type Table } from "../schema/schema.js";
import { anyLink, asLink, isUnique, type LinkRelation } from "./links.js";
import { namedKeys } from "./named-keys.js";
import { hasOtherPlurals } from "./other-languages.js";
import type { Candidate, Evidence, Relation, Unrelated } from "./relation.js";
import { nounsOf, type TableNouns } from "./table-nouns.js";
import { throughViews } from "./view-parents.js";

export type { Evidence, EvidenceKind, Reference, Relation, Unrelated } from "./relation.js";

export interface RelateOptions extends NamingOptions {
  /** Which evidence counts beside the config's own word. Default `both`. */
  readonly classifyBy?: "both" | "constraints" | "names";
}

/** What all tables are, and which columns' names lead nowhere, by the tables' ids. */
export interface Related {
  readonly relations: readonly Relation[];
  readonly unrelated: ReadonlyMap<string, readonly Unrelated[]>;
  readonly nouns: TableNouns;
}

export const relate = (schema: Schema, options: RelateOptions = {}): Relation[] => [
  ...relateAll(schema, options).relations,
];

export function relateAll(schema: Schema, options: RelateOptions = {}): Related {
  const nouns = nounsOf(schema, options, createNaming(options, !hasOtherPlurals(schema)));
  const unrelated = new Map<string, readonly Unrelated[]>();
  const relations = schema.tables.flatMap((table) => {
    const found = foreignKeysOf(table, nouns, options.classifyBy ?? "both");
    unrelated.set(table.id, found.unrelated);
    return relateTable(table, found.candidates, nouns, options.classifyBy ?? "both");
  });
  return { relations: [...relations, ...throughViews(schema.tables, relations)], unrelated, nouns };
}

function foreignKeysOf(table: Table, nouns: TableNouns, classifyBy: "both" | "constraints" | "names") {
  const declared = table.foreignKeys
    .filter((key) => classifyBy !== "names" || key.configured)
    .map((key) => declaredCandidate(table, key));
  if (classifyBy === "constraints") return { candidates: declared, unrelated: [] };
  const named = namedKeys(table, declared, nouns);
  return { candidates: [...declared, ...named.candidates], unrelated: named.unrelated };
}

function relateTable(
  table: Table,
  candidates: readonly Candidate[],
  nouns: TableNouns,
  classifyBy: "both" | "constraints" | "names",
): Relation[] {
  const isView = table.kind === "view";
  const link = asLink(table, candidates, nouns, classifyBy);
  const children: Relation[] = candidates.map((candidate) => oneToN(table, candidate));
  if (table.relationTypes !== undefined) return asConfigured(table, table.relationTypes, candidates, link, children);
  if (isView)
    return [
      root(table, { by: "default", detail: viewWords(table) }),
      ...(link === undefined ? [] : [link]),
      ...children,
    ];
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

function asConfigured(
  table: Table,
  configured: NonNullable<Table["relationTypes"]>,
  candidates: readonly Candidate[],
  link: LinkRelation | undefined,
  children: readonly Relation[],
): Relation[] {
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

const root = (table: Table, evidence: Evidence): Relation => ({ type: "root", table: table.id, evidence });

const viewWords = ({ about }: Table): string => (about === undefined ? "a view" : `a view: ${about}`);

function oneToN(table: Table, candidate: Candidate): Relation {
  const { evidence, ...parent } = candidate;
  return { type: "one-n", table: table.id, parent, unique: isUnique(table, parent.columns), evidence };
}

function declaredCandidate(table: Table, key: ForeignKey): Candidate {
  const detail = `${table.id}(${key.columns.join(", ")}) references ${key.table}(${key.references.join(", ")})`;
  const behind = key.behind === undefined ? "" : `, which passes the key of ${key.behind} through`;
  const passed = key.through === undefined ? "" : ` of ${key.through}, passed through`;
  const name = (key.name === null ? "foreign key" : `foreign key ${key.name}`) + passed;
  const by = key.configured ? "config" : "constraint";
  return {
    table: key.table,
    columns: key.columns,
    references: key.references,
    enforced: isEnforced(key),
    ...(key.as === undefined ? {} : { as: key.as }),
    evidence: { by, detail: key.configured ? `belongsTo: ${detail}` : `${name}: ${detail}${behind}` },
  };
}

function furtherColumns(table: Table, { sides }: LinkRelation): string[] {
  const used = new Set(sides.flatMap((side) => side.columns));
  return table.columns.map((column) => column.name).filter((name) => !used.has(name));
}
