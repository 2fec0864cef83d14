// A table's foreign keys → is it the link of an N-to-N? By its key, by its name, or by the config's word.
import { ConfigError } from "../base/config-error.js";
import type { Table } from "../schema/schema.js";
import type { Candidate, Evidence, Reference, Relation } from "./relation.js";
import type { TableNouns } from "./table-nouns.js";

export type LinkRelation = Extract<Relation, { type: "n-n" }>;

export function asLink(
  table: Table,
  candidates: readonly Candidate[],
  nouns: TableNouns,
  classifyBy: "both" | "constraints" | "names",
): LinkRelation | undefined {
  // Where one end stands once at most, each of its rows has one of the other side: that is a 1-to-N.
  const ends = candidates.filter((candidate) => !isUnique(table, candidate.columns));
  return (
    (classifyBy === "names" ? undefined : linkByKey(table, ends)) ??
    (classifyBy === "constraints" ? undefined : linkByName(table, ends, candidates, nouns))
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

/** A table `a_b` where `a` and `b` are tables and it holds one foreign key to each. */
function linkByName(
  table: Table,
  ends: readonly Candidate[],
  all: readonly Candidate[],
  nouns: TableNouns,
): LinkRelation | undefined {
  const words = nouns.wordsOf(table);
  const endAt = (id: string | undefined) =>
    id === table.id || all.filter((one) => one.table === id).length !== 1
      ? undefined
      : ends.find((one) => one.table === id);
  for (let cut = 1; cut < words.length; cut++) {
    const one = endAt(nouns.find(words.slice(0, cut), table)?.id);
    const other = endAt(nouns.find(words.slice(cut), table)?.id);
    if (one === undefined || other === undefined || one === other) continue;
    return link(table, one, other, {
      by: "name",
      detail: `named after ${one.table} and ${other.table}, with a foreign key to each`,
    });
  }
  return undefined;
}

/** The first two foreign keys, where the config says that the table is a link. */
export function anyLink(table: Table, candidates: readonly Candidate[]): LinkRelation {
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

const keysOf = (table: Table): readonly (readonly string[])[] =>
  [table.primaryKey, ...table.uniqueKeys.map((key) => key.columns)].filter((key) => key.length > 0);

/** Does a key say that these columns' values stand once? */
export const isUnique = (table: Table, columns: readonly string[]): boolean =>
  keysOf(table).some((key) => key.every((name) => columns.includes(name)));

const isUnion = (key: readonly string[], one: readonly string[], other: readonly string[]): boolean =>
  sameSet(key, [...new Set([...one, ...other])]) &&
  one.some((name) => !other.includes(name)) &&
  other.some((name) => !one.includes(name));

const sameSet = (a: readonly string[], b: readonly string[]): boolean => {
  const set = new Set(b);
  return a.length === b.length && set.size === b.length && a.every((name) => set.has(name));
};
