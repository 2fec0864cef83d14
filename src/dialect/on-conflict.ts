// Rows that may stand already: how INSERT says so, in the two ways there are.
import type { ColumnType } from "../schema/schema.js";
import type { KeyConflict } from "./statement-parts.js";

/** `Dialect.assigned`: what the row shows already stays as it is kept, as in an UPDATE. */
type Assigned = (column: string, placeholder: string, bound: string, type: ColumnType) => string;

/** SQLite (https://sqlite.org/lang_upsert.html) and PostgreSQL. A row that nothing changes is named all the same, to be answered. */
export const onConflict =
  (quote: (name: string) => string, assigned: Assigned) =>
  ({ action, columns, update, own }: KeyConflict): string => {
    const target = `ON CONFLICT (${columns.map(quote).join(", ")})`;
    if (action === "ignore") return `${target} DO NOTHING`;
    const set = update.map(({ name, type }) => {
      const said = `excluded.${quote(name)}`;
      return `${quote(name)} = ${assigned(own + quote(name), said, said, type)}`;
    });
    const same = columns.slice(0, 1).map((name) => `${quote(name)} = ${own}${quote(name)}`);
    return `${target} DO UPDATE SET ${(set.length > 0 ? set : same).join(", ")}`;
  };

/**
 * MySQL and MariaDB change the row that stands by *any* key. Where it is not the one that was meant, a SELECT of two rows is put
 * in the value's place: error 1242, which nothing else here can raise.
 */
export const onDuplicateKey =
  (quote: (name: string) => string, assigned: Assigned, given: GivenRow = valuesOfRow(quote)) =>
  ({ action, columns, update, own }: KeyConflict): string => {
    const meant = columns.map((name) => `${own}${quote(name)} <=> ${given.column(name)}`).join(" AND ");
    const guarded = (name: string, value: string) => {
      const column = own + quote(name);
      return `${column} = IF(${meant}, ${value}, (SELECT ${column} UNION ALL SELECT ${column}))`;
    };
    const said = ({ name, type }: KeyConflict["update"][number]) =>
      assigned(own + quote(name), given.column(name), given.column(name), type);
    const [first, ...rest] = action === "merge" ? update : [];
    const [key = ""] = columns;
    const set =
      first === undefined
        ? [guarded(key, own + quote(key))]
        : [guarded(first.name, said(first)), ...rest.map((column) => `${own}${quote(column.name)} = ${said(column)}`)];
    return `${given.as}ON DUPLICATE KEY UPDATE ${set.join(", ")}`;
  };

/** How the row that was given is called beside the one that stands. */
interface GivenRow {
  /** What stands before ON DUPLICATE KEY UPDATE for it. */
  readonly as: string;
  column(name: string): string;
}

const valuesOfRow = (quote: (name: string) => string): GivenRow => ({
  as: "",
  column: (name) => `VALUES(${quote(name)})`,
});

/** MySQL since 8.0.19, where `VALUES()` is deprecated since 8.0.20 (manual: insert-on-duplicate). MariaDB does not know it. */
export const givenByAlias = (quote: (name: string) => string): GivenRow => ({
  as: `AS ${quote("via new")} `,
  column: (name) => `${quote("via new")}.${quote(name)}`,
});
