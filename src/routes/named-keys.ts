// Columns that no declared foreign key explains → what their names refer to, each with its evidence; and why others refer to nothing.
import { wordsOf } from "../base/naming.js";
import type { Column, Table } from "../schema/schema.js";
import { disagreement } from "./agreement.js";
import { isMeasure, isOfElsewhere, isOfItself, isTorn, type Reading, readingOf } from "./column-reading.js";
import { callsKeySo, keyIsCalledId, type Lead, toItself, wholly } from "./lead.js";
import { byRole, byRoleBehind } from "./named-by-role.js";
import { namedByTable } from "./named-by-table.js";
import { isRoleOfPeople } from "./people.js";
import type { Candidate, Unrelated } from "./relation.js";
import type { TableNouns } from "./table-nouns.js";

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
  return { candidates, unrelated };
}

function referenceOf(
  column: Column,
  table: Table,
  declares: boolean,
  nouns: TableNouns,
): Candidate | { readonly why: string } | undefined {
  const reading = readingOf(column.name);
  if (reading === undefined) return undefined;
  const ownKey = table.primaryKey.length === 1 && table.primaryKey[0] === column.name;
  const torn = ownKey || reading.form !== "id" ? undefined : tornBetween(reading.stem, table, nouns);
  if (torn !== undefined) return torn;
  const lead = leadOf(reading, column, table, nouns);
  if (lead === undefined) return ambiguity(reading, table, nouns);
  const { parent, how, whole, strictly, like } = lead;
  // A table that declares its foreign keys has said which nouns are some.
  if (strictly && (declares || ownKey)) return undefined;
  if (ownKey && (!whole || parent === table || (like && column.identity))) return undefined;
  const [keyName, ...more] = parent.primaryKey;
  const key = parent.columns.find(({ name }) => name === keyName);
  if (key === undefined || (parent === table && key === column)) return undefined;
  const place = `${parent.id}.${key.name}`;
  if (more.length > 0) return strictly ? undefined : { why: `${how}, whose key is (${parent.primaryKey.join(", ")})` };
  if (key.name === column.name && isCopyOf(table, parent))
    return { why: `${table.id} has all columns of ${parent.id}: it is a copy or a child of it` };
  if (!ownKey && numbersItself(column)) return { why: `${how}, but the database numbers it` };
  const apart = disagreement(column, key, strictly);
  if (apart !== undefined) return strictly ? undefined : { why: `${how}, but ${apart} (${place})` };
  return {
    table: parent.id,
    columns: [column.name],
    references: parent.primaryKey,
    enforced: false,
    evidence: { by: "name", detail: `the column ${table.id}.${column.name} ${how}` },
  };
}

function leadOf(reading: Reading, column: Column, table: Table, nouns: TableNouns): Lead | undefined {
  const { form, stem } = reading;
  if (form === "noun")
    return (
      byNoun(stem, column, table, nouns) ??
      byKeyName(column, table, nouns) ??
      byGlued(stem, column, table, nouns) ??
      byPeople(reading, column, table, nouns)
    );
  const exact = nouns.find(stem, table);
  const beside = exact?.primaryKey.length === 1 ? undefined : nouns.findBeside(stem, table);
  if (beside !== undefined && form === "id") return { ...wholly(beside), like: true };
  if (exact !== undefined && (form === "id" || callsKeySo(exact, reading, column))) return wholly(exact);
  const same = byKeyName(column, table, nouns);
  if (same !== undefined || hasTypeBeside(column, table) || isOfElsewhere(stem)) return same;
  if (form === "id" && isOfItself(stem, nounIn(table, nouns))) return toItself(table);
  const said = form === "id" ? namedByTable(stem, table, nouns) : undefined;
  if (said !== undefined && keyIsCalledId(said))
    return { parent: said, how: `stands in a table of ${said.id}, whose name says what it is`, whole: false };
  const like = nouns.findLike(stem, table);
  if (like !== undefined && (form === "id" ? keyIsCalledId(like) : callsKeySo(like, reading, column)))
    return { ...wholly(like), like: true };
  return (
    byRole(reading, column, table, nouns) ??
    byRoleBehind(reading, table, nouns) ??
    byPeople(reading, column, table, nouns)
  );
}

/** `author_id`, `created_by`: a role, and one table of those who could have it. */
function byPeople({ form, stem }: Reading, column: Column, table: Table, nouns: TableNouns): Lead | undefined {
  if (form === "word" || !isRoleOfPeople(stem) || hasTypeBeside(column, table)) return undefined;
  const parent = nouns.peopleFor(table);
  if (parent === undefined) return undefined;
  const how = `says who, and ${parent.id} is the only table of people`;
  return { parent, how, whole: false, ...(form === "noun" && { strictly: true }) };
}

/** `courseid`, where the courses' key is `id`: the noun itself, one beside it, or a role. */
function byGlued(stem: readonly string[], column: Column, table: Table, nouns: TableNouns): Lead | undefined {
  const glued = stem.length === 1 ? gluedTo(stem[0] as string) : undefined;
  if (glued === undefined || hasTypeBeside(column, table) || isOfElsewhere([glued])) return undefined;
  const parent = nouns.find([glued], table);
  if (parent !== undefined) return keyIsCalledId(parent) ? wholly(parent) : undefined;
  if (isOfItself([glued], nounIn(table, nouns)) && !isTorn([glued], nounIn(table, nouns))) return toItself(table);
  const beside = nouns.findBeside([glued], table);
  if (beside !== undefined && keyIsCalledId(beside)) return { ...wholly(beside), like: true };
  return byPeople({ form: "id", stem: [glued] }, column, table, nouns);
}

const gluedTo = (word: string): string | undefined => /^(.{3,})id$/u.exec(word)?.[1];

function tornBetween(stem: readonly string[], table: Table, nouns: TableNouns): { why: string } | undefined {
  const core = nouns.coreOf(table);
  if (!isTorn(stem, nounIn(table, nouns))) return undefined;
  const whole = nouns.find(core.slice(0, -1), table);
  return whole && { why: `could lead to ${table.id} itself or to ${whole.id}` };
}

const nounIn = (table: Table, { naming, coreOf }: TableNouns): readonly string[] => coreOf(table).map(naming.singular);

/** `artist`, of the type that the artists' key has. */
function byNoun(stem: readonly string[], column: Column, table: Table, nouns: TableNouns): Lead | undefined {
  if (isMeasure(stem) || hasTypeBeside(column, table)) return undefined;
  // `post_parent` in posts
  const noun = nounIn(table, nouns);
  const role = stem.length > noun.length && noun.every((word, i) => word === stem[i]) ? stem.slice(noun.length) : stem;
  if (isOfItself(role, noun)) return { ...toItself(table), strictly: true };
  const parent = nouns.find(stem, table);
  if (parent === undefined || parent === table || !isNounOf(stem, parent, nouns)) return undefined;
  return { parent, how: `is called as a row of ${parent.id} is`, whole: true, strictly: true };
}

/** Not by a word before or behind it, and not in the plural, which is a number of them. */
const isNounOf = (stem: readonly string[], parent: Table, { naming, wordsOf }: TableNouns): boolean =>
  naming.noun(wordsOf(parent)) === stem.join("_");

/** `emp_no`, `hostid`: the key of one table alone is called so, or behind a role (`manager_emp_no`). */
function byKeyName(column: Column, table: Table, nouns: TableNouns): Lead | undefined {
  const exact = nouns.byKey(column.name, table);
  if (exact !== undefined && exact !== table)
    return { parent: exact, how: `is called as the key of ${exact.id} is`, whole: true };
  const words = wordsOf(column.name);
  for (let cut = 1; cut < words.length; cut++) {
    const parent = nouns.byKey(words.slice(cut).join("_"), table);
    if (parent !== undefined) return { parent, how: `ends as the key of ${parent.id} is called`, whole: false };
  }
  return undefined;
}

/** `owner_id` beside `owner_type`: it leads to one table or another. */
function hasTypeBeside({ name }: Column, { columns }: Table): boolean {
  const words = wordsOf(name);
  const stem = (words.at(-1) === "id" ? words.slice(0, -1) : words).join("_");
  const glued = words.length === 1 ? gluedTo(stem) : undefined;
  const said = new Set(columns.map((other) => wordsOf(other.name).join("_")));
  return ["type", "class", "model", "table", "kind"].some(
    (word) => said.has(`${stem}_${word}`) || said.has(`${glued}${word}`),
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
