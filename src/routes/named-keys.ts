// Columns that no declared foreign key explains → what their names refer to, each with its evidence; and why others refer to nothing.
import { wordsOf } from "../base/naming.js";
import type { Column, Table } from "../schema/schema.js";
import { disagreement } from "./agreement.js";
import { bothEnds } from "./both-ends.js";
import { type Reading, readingOf } from "./column-reading.js";
import { numbersKey } from "./key-names.js";
import { nounIn } from "./lead.js";
import { leadOf, tornTo } from "./lead-of.js";
import type { Candidate, Unrelated } from "./relation.js";
import type { TableNouns } from "./table-nouns.js";
import { wholeKeyIn } from "./whole-keys.js";

export interface NamedKeys {
  readonly candidates: readonly Candidate[];
  readonly unrelated: readonly Unrelated[];
}

export function namedKeys(table: Table, declared: readonly Candidate[], nouns: TableNouns): NamedKeys {
  const explained = new Set(declared.flatMap(({ columns }) => columns));
  const candidates: Candidate[] = [];
  const unrelated: Unrelated[] = [];
  for (const column of table.columns) {
    if (column.elsewhere || explained.has(column.name)) continue;
    const found = referenceOf(column, table, declared.length > 0, nouns);
    if (found === undefined) continue;
    if ("why" in found) unrelated.push({ column: column.name, why: found.why });
    else candidates.push(found);
  }
  const free = table.columns.filter(
    ({ name }) => !explained.has(name) && !candidates.some((one) => one.columns[0] === name),
  );
  return { candidates: [...candidates, ...endsOf(table, free, nouns)], unrelated };
}

const endsOf = (table: Table, free: readonly Column[], nouns: TableNouns): Candidate[] =>
  bothEnds(table, free, nouns).map(({ column, parent, how }) =>
    candidate([column.name], parent, parent.primaryKey, `the column ${table.id}.${column.name} ${how}`),
  );

function referenceOf(
  column: Column,
  table: Table,
  declares: boolean,
  nouns: TableNouns,
): Candidate | { readonly why: string } | undefined {
  const reading = readingOf(column.name);
  if (reading === undefined) return undefined;
  const ownKey = table.primaryKey.length === 1 && table.primaryKey[0] === column.name;
  const torn = ownKey || reading.form !== "id" ? undefined : tornTo(column, reading.stem, table, nouns);
  const lead = torn ?? leadOf(reading, column, table, nouns);
  if (lead === undefined) return ambiguity(reading, table, nouns);
  const { parent, how, whole, strictly, like } = lead;
  // A table that declares its foreign keys has said which nouns are some.
  if (strictly && declares) return undefined;
  if (
    ownKey &&
    (!whole || parent === table || numbersItself(column) || (like && isItsOwn(reading, table, parent, nouns)))
  )
    return undefined;
  const key = keyFor(column, parent);
  const said = `the column ${table.id}.${column.name} ${how}`;
  const all = key === undefined && whole && !like && !strictly ? wholeKeyIn(table, column, parent, nouns) : undefined;
  if (all !== undefined && !isCopyOf(table, parent))
    return candidate(all, parent, parent.primaryKey, `${said}, and (${all.join(", ")}) is its whole key`);
  if (key === undefined)
    return strictly || parent.primaryKey.length === 0
      ? undefined
      : { why: `${how}, whose key is (${parent.primaryKey.join(", ")})` };
  if (parent === table && key === column) return undefined;
  const place = `${parent.id}.${key.name}`;
  if (key.name === column.name && isCopyOf(table, parent))
    return { why: `${table.id} has all columns of ${parent.id}: it is a copy or a child of it` };
  if (numbersItself(column)) return { why: `${how}, but the database numbers it` };
  const apart = disagreement(column, key, strictly);
  if (apart !== undefined) return strictly ? undefined : { why: `${how}, but ${apart} (${place})` };
  return candidate([column.name], parent, [key.name], said);
}

/** Called as the table's own noun ends, where no other table's numbers lead: `alert_definitions.definition_id`. */
const isItsOwn = ({ stem }: Reading, table: Table, parent: Table, nouns: TableNouns): boolean =>
  !numbersKey(parent) && nounIn(table, nouns).join("").endsWith(stem.join(""));

const candidate = (
  columns: readonly string[],
  parent: Table,
  references: readonly string[],
  detail: string,
): Candidate => ({
  table: parent.id,
  columns,
  references,
  enforced: false,
  evidence: { by: "name", detail },
});

/** The key of one column; or else the number (`id`) that each row has beside a key of several columns or of another type. */
function keyFor(column: Column, { primaryKey, uniqueKeys, columns }: Table): Column | undefined {
  const key = primaryKey.length === 1 ? columns.find(({ name }) => name === primaryKey[0]) : undefined;
  if (key !== undefined && disagreement(column, key) === undefined) return key;
  const unique = uniqueKeys.flatMap((one) => (one.columns.length === 1 ? one.columns : []));
  const number = columns.find(
    ({ name, nullable }) =>
      !nullable && unique.includes(name) && (name === column.name || wordsOf(name).join("_") === "id"),
  );
  return number !== undefined && disagreement(column, number) === undefined ? number : key;
}

function ambiguity({ form, stem }: Reading, table: Table, nouns: TableNouns): { why: string } | undefined {
  const all = form === "id" ? nouns.between(stem, table) : [];
  return all.length === 0 ? undefined : { why: `could be named after ${all.map(({ id }) => id).join(" or ")}` };
}

/** Only a table's own key is numbered, or, in a child that inherits its parent's columns, the parent's. */
const numbersItself = ({ identity, default: value }: Column): boolean => identity || /nextval/i.test(value ?? "");

/** PostgreSQL's children, and what an archive keeps, begin with all columns of the other table. */
const isCopyOf = (table: Table, parent: Table): boolean =>
  parent.columns.length > 1 &&
  parent.columns.every(
    ({ name, type }, i) => table.columns[i]?.name === name && table.columns[i]?.type.native === type.native,
  );
