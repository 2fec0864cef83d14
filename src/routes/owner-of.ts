// Of tables that a noun could mean in the eyes of another one: is it theirs, or do they only refer to it?
import type { Column, Table } from "../schema/schema.js";
import { disagreement } from "./agreement.js";
import { readingOf } from "./column-reading.js";
import { nounIn } from "./lead.js";
import type { TableNouns } from "./table-nouns.js";

/**
 * Not a table that holds such a key itself, as a link does: `candidate_vacancies.vacancy_id` is none of its own. What the table is a part of may,
 * where nothing else is called so: `background_jobs.job_id` is what another system calls the job of `background_job_tasks.job_id`.
 */
export function ownerOf(
  parent: Table | undefined,
  stem: readonly string[],
  column: Column,
  table: Table,
  nouns: TableNouns,
): Table | undefined {
  const held = parent?.columns.find((one) => isKeyOf(stem, one) && disagreement(column, one) === undefined);
  if (parent === undefined || held === undefined) return parent;
  const others = parent.primaryKey.filter((name) => name !== held.name);
  const isOwn = others.length < parent.primaryKey.length && others.every((name) => readingOf(name)?.form !== "id");
  const isPart = nouns.find(stem, table) === undefined && startsAs(nounIn(parent, nouns), nounIn(table, nouns));
  return isOwn || isPart ? parent : undefined;
}

/** What the noun means in the same part of the schema. */
export const besideOf = (stem: readonly string[], column: Column, table: Table, nouns: TableNouns): Table | undefined =>
  ownerOf(nouns.findBelow(stem, table), stem, column, table, nouns) ??
  ownerOf(nouns.findBeside(stem, table), stem, column, table, nouns);

function isKeyOf(stem: readonly string[], { name }: Column): boolean {
  const reading = readingOf(name);
  return reading !== undefined && reading.form !== "noun" && reading.stem.join("_") === stem.join("_");
}

const startsAs = (start: readonly string[], words: readonly string[]): boolean =>
  start.every((word, i) => word === words[i]);
