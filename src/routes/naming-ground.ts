// What naming looks up, gathered once: the cost of a table does not grow with the number of all tables.
import { groupBy } from "../base/group-by.js";
import { type Naming, wordsOf } from "../base/naming.js";
import { fieldOf, type Table } from "../schema/schema.js";
import type { Reference, Relation } from "./relation.js";
import type { TableNouns } from "./table-nouns.js";

export type OneToN = Extract<Relation, { type: "one-n" }>;
export type Link = Extract<Relation, { type: "n-n" }>;

/** A link table as one of its sides sees it. */
export interface LinkSeen {
  readonly link: Link;
  readonly near: Reference;
  readonly far: Reference;
}

export interface NamingGround {
  readonly naming: Naming;
  readonly tables: ReadonlyMap<string, Table>;
  /** Each table's name as words, without a prefix. */
  readonly words: ReadonlyMap<string, readonly string[]>;
  /** The same, the last one in the singular. */
  readonly nouns: ReadonlyMap<string, readonly string[]>;
  readonly paths: ReadonlyMap<string, string>;
  /** By the table that they stand on. */
  readonly own: ReadonlyMap<string, readonly Relation[]>;
  /** By the table that they refer to. */
  readonly children: ReadonlyMap<string, readonly OneToN[]>;
  /** By the table at the near side. */
  readonly links: ReadonlyMap<string, readonly LinkSeen[]>;
}

export function groundOf(
  tables: readonly Table[],
  relations: readonly Relation[],
  paths: ReadonlyMap<string, string>,
  nouns: TableNouns,
): NamingGround {
  const { naming } = nouns;
  const own = groupBy(relations, (relation) => relation.table);
  const ordered = tables.flatMap(({ id }) => own.get(id) ?? []);
  const links = ordered.flatMap((link) => {
    if (link.type !== "n-n") return [];
    const [one, other] = link.sides;
    return [
      { link, near: one, far: other },
      { link, near: other, far: one },
    ];
  });
  return {
    naming,
    tables: new Map(tables.map((table) => [table.id, table])),
    words: new Map(tables.map((table) => [table.id, nouns.wordsOf(table)])),
    nouns: new Map(tables.map((table) => [table.id, wordsOf(naming.noun(nouns.wordsOf(table)))])),
    paths,
    own,
    children: groupBy(
      ordered.filter((relation) => relation.type === "one-n"),
      ({ parent }) => parent.table,
    ),
    links: groupBy(links, ({ near }) => near.table),
  };
}

export const nounOf = (id: string, { nouns }: NamingGround): readonly string[] => nouns.get(id) as readonly string[];

/** The fields of a table's rows, each with its column's name. */
export const fieldsIn = ({ columns }: Table): ReadonlyMap<string, string> =>
  new Map(columns.map((column) => [fieldOf(column), column.name]));
