// Columns that no declared foreign key explains → what their names refer to, each with its evidence; and why others refer to nothing.
import { wordsOf } from "../base/naming.js";
import type { Column, Table } from "../schema/schema.js";
import { disagreement } from "./agreement.js";
import { bothEnds } from "./both-ends.js";
import { isOfElsewhere, isOfItself, isTorn, type Reading, readingOf } from "./column-reading.js";
import { numbersKey } from "./key-names.js";
import { callsKeySo, keyIsCalledId, type Lead, nounIn, toItself, wholly } from "./lead.js";
import { byKeyName, bySureKey } from "./named-by-key.js";
import { byNoun } from "./named-by-noun.js";
import { byRole, byRoleBehind } from "./named-by-role.js";
import { namedByTable } from "./named-by-table.js";
import { isAtWork, isRoleOfPeople } from "./people.js";
import { isAccount } from "./people-tables.js";
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
  const torn = ownKey || reading.form !== "id" ? undefined : tornTo(reading.stem, table, nouns);
  const lead = torn ?? leadOf(reading, column, table, nouns);
  if (lead === undefined) return ambiguity(reading, table, nouns);
  const { parent, how, whole, strictly, like } = lead;
  // A table that declares its foreign keys has said which nouns are some.
  if (strictly && (declares || (ownKey && column.identity))) return undefined;
  if (ownKey && (!whole || parent === table || (like && column.identity))) return undefined;
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
  if (!ownKey && numbersItself(column)) return { why: `${how}, but the database numbers it` };
  const apart = disagreement(column, key, strictly);
  if (apart !== undefined) return strictly ? undefined : { why: `${how}, but ${apart} (${place})` };
  return candidate([column.name], parent, [key.name], said);
}

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

function leadOf(reading: Reading, column: Column, table: Table, nouns: TableNouns): Lead | undefined {
  const { form, stem } = reading;
  if (form === "noun")
    return (
      (hasTypeBeside(column, table) ? undefined : byNoun(stem, column, table, nouns)) ??
      byKeyName(column, table, nouns) ??
      byGlued(stem, column, table, nouns) ??
      byPeople(reading, column, table, nouns)
    );
  const exact = nouns.find(stem, table);
  // `job_id` in jobs, whose key is `id`: what another system calls it.
  if (exact === table && table.primaryKey[0] !== column.name) return undefined;
  if (exact !== undefined && exact.primaryKey.length === 1 && (form === "id" || callsKeySo(exact, reading, column)))
    return wholly(exact);
  const below = form === "id" ? nouns.findBelow(stem, table) : undefined;
  if (below !== undefined) return { ...wholly(below), like: true };
  const beside = form === "id" ? nouns.findBeside(stem, table) : undefined;
  const isOwn = beside?.primaryKey[0] === column.name && numbersKey(beside);
  const same = isOwn ? undefined : bySureKey(column, table, nouns);
  if (same !== undefined) return same;
  if (beside !== undefined) return { ...wholly(beside), like: true };
  if (exact !== undefined && form === "id") return wholly(exact);
  if (hasTypeBeside(column, table) || isOfElsewhere(stem)) return byKeyName(column, table, nouns);
  return byLess(reading, column, table, nouns);
}

/** What the name says less surely than a noun does. */
function byLess(reading: Reading, column: Column, table: Table, nouns: TableNouns): Lead | undefined {
  const { form, stem } = reading;
  const said = form === "id" ? namedByTable(stem, table, nouns) : undefined;
  if (said !== undefined && keyIsCalledId(said))
    return { parent: said, how: `stands in a table of ${said.id}, whose name says what it is`, whole: false };
  if (form === "id" && isOfItself(stem, nounIn(table, nouns))) return toItself(table);
  const like = nouns.findLike(stem, table);
  if (like !== undefined && (form === "id" ? keyIsCalledId(like) : callsKeySo(like, reading, column)))
    return { ...wholly(like), like: true };
  return (
    byKeyName(column, table, nouns) ??
    byRole(reading, column, table, nouns) ??
    byRoleBehind(reading, table, nouns) ??
    byPeople(reading, column, table, nouns)
  );
}

/** `author_id`, `created_by`: a role, and one table of those who could have it. */
function byPeople({ form, stem }: Reading, column: Column, table: Table, nouns: TableNouns): Lead | undefined {
  const isSaid = isRoleOfPeople(stem, form === "id") || (form === "id" && isAccount(stem.at(-1) ?? ""));
  if (form === "word" || !isSaid || hasTypeBeside(column, table)) return undefined;
  const parent = nouns.peopleFor(table, isAtWork(stem));
  if (parent === undefined) return undefined;
  const how = `says who, and ${parent.id} are the people`;
  return { parent, how, whole: false, ...(form === "noun" && { strictly: true }) };
}

/** `courseid`, where the courses' key is `id`: the noun itself, one beside it, or a role; `approved_userid` too. */
function byGlued(stem: readonly string[], column: Column, table: Table, nouns: TableNouns): Lead | undefined {
  const glued = gluedTo(stem.at(-1) ?? "");
  if (glued === undefined || hasTypeBeside(column, table) || isOfElsewhere([...stem.slice(0, -1), glued]))
    return undefined;
  const parent = nouns.find([glued], table);
  if (stem.length > 1)
    return parent && keyIsCalledId(parent)
      ? { parent, how: `is named after ${parent.id}, as its ${stem.slice(0, -1).join(" ")}`, whole: false }
      : byPeople({ form: "id", stem: [...stem.slice(0, -1), glued] }, column, table, nouns);
  if (parent !== undefined) return keyIsCalledId(parent) ? wholly(parent) : undefined;
  if (isOfItself([glued], nounIn(table, nouns)) && !isTorn([glued], nounIn(table, nouns))) return toItself(table);
  const beside = nouns.findBelow([glued], table) ?? nouns.findBeside([glued], table);
  if (beside !== undefined && keyIsCalledId(beside)) return { ...wholly(beside), like: true };
  return byPeople({ form: "id", stem: [glued] }, column, table, nouns);
}

const gluedTo = (word: string): string | undefined => /^(.{3,})id$/u.exec(word)?.[1];

/** `invoice_items.parent_id`: the invoice, unless another column says which that is. */
function tornTo(stem: readonly string[], table: Table, nouns: TableNouns): Lead | undefined {
  const core = nouns.coreOf(table);
  if (!isTorn(stem, nounIn(table, nouns))) return undefined;
  const whole = nouns.find(core.slice(0, -1), table) ?? nouns.findLike(core.slice(0, -1), table);
  if (whole === undefined || whole === table) return undefined;
  const isSaid = table.columns.some(({ name }) => {
    const other = readingOf(name);
    return other?.form === "id" && other.stem.join("_") !== stem.join("_") && nouns.find(other.stem, table) === whole;
  });
  return isSaid ? toItself(table) : { parent: whole, how: `says what a row of ${table.id} is a part of`, whole: false };
}

/** `owner_id` beside `owner_type`: it leads to one table or another. */
function hasTypeBeside({ name }: Column, { columns }: Table): boolean {
  const words = wordsOf(name);
  const stem = (words.at(-1) === "id" ? words.slice(0, -1) : words).join("_");
  const glued = words.length === 1 ? (gluedTo(stem) ?? stem) : undefined;
  const said = new Set(columns.map((other) => wordsOf(other.name).join("_")));
  return ["type", "class", "model", "table", "kind"].some(
    (word) => said.has(`${stem}_${word}`) || (glued !== undefined && said.has(`${glued}${word}`)),
  );
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
