// A column that is a noun, with no word for a key: `artist`, `begin_area`, `type` in a table of areas beside `area_types`.
import { wordsOf } from "../base/naming.js";
import type { Column, Table } from "../schema/schema.js";
import { disagreement } from "./agreement.js";
import { isMeasure, isOfItself, readingOf } from "./column-reading.js";
import { type Lead, nounIn, toItself } from "./lead.js";
import { isCounted } from "./people.js";
import type { TableNouns } from "./table-nouns.js";

/** Whatever it leads to must have exactly the column's type. */
export function byNoun(stem: readonly string[], column: Column, table: Table, nouns: TableNouns): Lead | undefined {
  return (
    plainNoun(stem, table, nouns) ?? nounBeside(stem, column, table, nouns) ?? nounBehind(stem, column, table, nouns)
  );
}

function plainNoun(stem: readonly string[], table: Table, nouns: TableNouns): Lead | undefined {
  if (isMeasure(stem)) return undefined;
  // `post_parent` in posts
  const noun = nounIn(table, nouns);
  const role = stem.length > noun.length && noun.every((word, i) => word === stem[i]) ? stem.slice(noun.length) : stem;
  if (isOfItself(role, noun)) return { ...toItself(table), strictly: true };
  const parent = nouns.find(stem, table);
  if (parent === undefined || parent === table || !isNounOf(stem, parent, nouns)) return undefined;
  return { parent, how: `is called as a row of ${parent.id} is`, whole: true, strictly: true };
}

/** `type` in areas, where there are `area_types`; it is a number or a UUID, as a word could stand for itself. */
function nounBeside(stem: readonly string[], column: Column, table: Table, nouns: TableNouns): Lead | undefined {
  if (!holdsKeyOnly(column) || nouns.naming.noun(stem) !== stem.join("_")) return undefined;
  const parent = nouns.findBelow(stem, table) ?? (isMeasure(stem) ? undefined : nouns.findBeside(stem, table));
  if (parent === undefined || refersTo(table, parent, nouns)) return undefined;
  return { parent, how: `is the word behind ${table.id} in ${parent.id}`, whole: false, strictly: true };
}

/** `notes.version`, where each of the `note_versions` is a note's: it counts them. */
const refersTo = (table: Table, { columns }: Table, nouns: TableNouns): boolean =>
  columns.some(({ name }) => {
    const reading = readingOf(name);
    return reading?.form === "id" && nouns.find(reading.stem, table) === table;
  });

/** `begin_area`: a role before the noun. `tag1` beside `tag2`. */
function nounBehind(stem: readonly string[], column: Column, table: Table, nouns: TableNouns): Lead | undefined {
  if (column.identity || isCounted(stem)) return undefined;
  const plain = withoutPair(stem, table);
  if (plain.slice(0, -1).some((word) => between.has(word) || isMeasure([word]))) return undefined;
  for (let cut = plain === stem ? 1 : 0; cut < plain.length; cut++) {
    const noun = plain.slice(cut);
    if (isMeasure(noun)) return undefined;
    const parent = nouns.find(noun, table);
    if (parent !== undefined && parent !== table && isNounOf(noun, parent, nouns) && holdsKeyOf(parent, column))
      return { parent, how: `ends as a row of ${parent.id} is called`, whole: false, strictly: true };
  }
  return undefined;
}

/** `days_to_harvest`: what is measured, and not the noun. */
const between: ReadonlySet<string> = new Set(
  "to of per in on for by with without and or days hours minutes seconds weeks months years times max min avg sum".split(
    " ",
  ),
);

/** `tag1` and `tag2`, `person_a` and `person_b`: the same noun twice. */
function withoutPair(stem: readonly string[], { columns }: Table): readonly string[] {
  const name = stem.join("_");
  const [, noun = "", end = ""] = /^(.{3,}?)_?([12ab])$/u.exec(name) ?? [];
  const other = { 1: "2", 2: "1", a: "b", b: "a" }[end];
  const gap = name.slice(noun.length, -1);
  const isPair = other !== undefined && columns.some((one) => wordsOf(one.name).join("_") === `${noun}${gap}${other}`);
  return isPair && (gap === "_" || /\d/.test(end)) ? noun.split("_") : stem;
}

/** Another name than the noun may tell more where it does not. */
const holdsKeyOf = ({ primaryKey: [name], columns }: Table, column: Column): boolean => {
  const key = columns.find((one) => one.name === name);
  return key !== undefined && disagreement(column, key, true) === undefined;
};

const holdsKeyOnly = ({ type, identity }: Column): boolean =>
  !identity && (type.kind === "integer" || type.kind === "uuid");

/** Not by a word before or behind it, and not in the plural, which is a number of them. */
const isNounOf = (stem: readonly string[], parent: Table, { naming, wordsOf: words }: TableNouns): boolean =>
  naming.noun(words(parent)) === stem.join("_");
