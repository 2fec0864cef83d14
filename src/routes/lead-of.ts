// A column, and what its name says → the table that it leads to, by what is surest first.
import { wordsOf } from "../base/naming.js";
import type { Column, Table } from "../schema/schema.js";
import { inLongForm } from "./abbreviation.js";
import { disagreement } from "./agreement.js";
import { isHistory, isOfElsewhere, isOfItself, isTorn, type Reading, readingOf } from "./column-reading.js";
import { numbersKey } from "./key-names.js";
import { callsKeySo, keyIsCalledId, type Lead, nounIn, toItself, wholly } from "./lead.js";
import { byKeyName, bySureKey } from "./named-by-key.js";
import { byNoun } from "./named-by-noun.js";
import { byRole, byRoleBehind } from "./named-by-role.js";
import { isLinking, namedByTable } from "./named-by-table.js";
import { besideOf, ownerOf } from "./owner-of.js";
import { isAtWork, isRoleOfPeople } from "./people.js";
import { isAccount } from "./people-tables.js";
import type { TableNouns } from "./table-nouns.js";

export function leadOf(reading: Reading, column: Column, table: Table, nouns: TableNouns): Lead | undefined {
  const { form, stem } = reading;
  if (form === "noun")
    return (
      (hasTypeBeside(column, table) ? undefined : byNoun(stem, column, table, nouns)) ??
      byKeyName(column, table, nouns) ??
      byGlued(stem, column, table, nouns) ??
      byPeople(reading, column, table, nouns)
    );
  if (isReferenceBesideId(column, table)) return undefined;
  const exact = nouns.find(stem, table);
  // `job_id` in jobs, whose key is `id`: what another system calls it.
  if (exact === table && table.primaryKey[0] !== column.name) return undefined;
  const nearer = form === "id" && exact !== undefined ? nearerThan(exact, stem, column, table, nouns) : undefined;
  if (nearer !== undefined) return nearer;
  if (exact !== undefined && exact.primaryKey.length === 1 && (form === "id" || callsKeySo(exact, reading, column)))
    return wholly(exact);
  const below = form === "id" ? ownerOf(nouns.findBelow(stem, table), stem, column, table, nouns) : undefined;
  if (below !== undefined) return { ...wholly(below), like: true };
  const beside = form === "id" ? ownerOf(nouns.findBeside(stem, table), stem, column, table, nouns) : undefined;
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
  const isKey = form === "id" || callsKeySo(table, reading, column);
  if (isKey && isOfItself(stem, nounIn(table, nouns))) return toItself(table);
  const like = ownerOf(nouns.findLike(stem, table), stem, column, table, nouns);
  if (like !== undefined && (form === "id" ? keyIsCalledId(like) : callsKeySo(like, reading, column)))
    return { ...wholly(like), like: true };
  return (
    byLongForm(reading, column, table, nouns) ??
    byKeyName(column, table, nouns) ??
    byRole(reading, column, table, nouns) ??
    byRoleBehind(reading, column, table, nouns) ??
    byPeople(reading, column, table, nouns) ??
    byEnd(reading, column, table, nouns)
  );
}

/** `org_id`, where there are organizations and no orgs. */
function byLongForm({ form, stem }: Reading, column: Column, table: Table, nouns: TableNouns): Lead | undefined {
  if (form !== "id") return undefined;
  const parents = inLongForm(stem).map((words) => ownerOf(nouns.find(words, table), stem, column, table, nouns));
  const parent = parents.find((one) => one !== undefined && one !== table && keyIsCalledId(one));
  return parent && { parent, how: `is short for a row of ${parent.id}`, whole: true, like: true };
}

/** `attempt_id` in `task_checkpoints`, where the `task_run_attempts` are the only attempts. */
function byEnd(reading: Reading, column: Column, table: Table, nouns: TableNouns): Lead | undefined {
  const parent = ownerOf(nouns.findEnding(reading.stem, table), reading.stem, column, table, nouns);
  if (parent === undefined) return undefined;
  const isKeyed = reading.form === "id" ? keyIsCalledId(parent) : callsKeySo(parent, reading, column);
  return isKeyed
    ? { parent, how: `is what ${parent.id} ends with, and nothing else does`, whole: true, like: true }
    : undefined;
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
export function tornTo(column: Column, stem: readonly string[], table: Table, nouns: TableNouns): Lead | undefined {
  const core = nouns.coreOf(table);
  if (!isTorn(stem, nounIn(table, nouns))) return undefined;
  const whole = nouns.find(core.slice(0, -1), table) ?? nouns.findLike(core.slice(0, -1), table);
  if (whole === undefined || whole === table) return undefined;
  if (isHistory(core.at(-1) as string) && whole.columns.some(({ name }) => name === column.name))
    return { parent: whole, how: `is copied from ${whole.id}`, whole: false };
  const isSaid = table.columns.some(({ name }) => {
    const other = readingOf(name);
    return other?.form === "id" && other.stem.join("_") !== stem.join("_") && nouns.find(other.stem, table) === whole;
  });
  return isSaid && !isLinking(core.at(-1) as string)
    ? toItself(table)
    : { parent: whole, how: `says what a row of ${table.id} is a part of`, whole: false };
}

/**
 * A table of the same part of the schema goes before one that is called so alone: in `topology_logical_requests` a `request_id` is one of the
 * `topology_requests`, although there are `requests`; and in `suspended_sale_items` a `sale_id` is the key of the `suspended_sales`.
 */
function nearerThan(
  exact: Table,
  stem: readonly string[],
  column: Column,
  table: Table,
  nouns: TableNouns,
): Lead | undefined {
  const core = nouns.coreOf(table);
  for (let cut = core.length - 1; cut > 0; cut--) {
    const whole = nouns.find(core.slice(0, cut), table);
    if (
      whole !== undefined &&
      whole !== table &&
      whole !== exact &&
      numbersKey(whole) &&
      isKeyOf(whole, column.name, column)
    )
      return { parent: whole, how: `is called as the key of ${whole.id} is, which it is a part of`, whole: true };
  }
  const beside = besideOf(stem, column, table, nouns);
  if (beside === undefined || beside === exact || !keyIsCalledId(beside)) return undefined;
  const [key = ""] = beside.primaryKey;
  const isSaid = table.columns.some(({ name }) => {
    const other = readingOf(name);
    return name !== column.name && other?.form === "id" && nouns.find(other.stem, table) === beside;
  });
  return !isSaid && isKeyOf(beside, key, column) ? { ...wholly(beside), like: true } : undefined;
}

function isKeyOf({ primaryKey, columns }: Table, name: string, column: Column): boolean {
  const key = columns.find((one) => one.name === name);
  return primaryKey.length === 1 && primaryKey[0] === name && key !== undefined && !disagreement(column, key);
}

/** `project_ref` beside `project_id`: what the project is called elsewhere. */
function isReferenceBesideId({ name }: Column, { columns }: Table): boolean {
  const words = wordsOf(name);
  const id = [...words.slice(0, -1), "id"].join("_");
  return words.at(-1) === "ref" && columns.some((other) => wordsOf(other.name).join("_") === id);
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
