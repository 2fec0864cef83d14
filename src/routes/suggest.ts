// Columns that names alone do not explain → which tables they may refer to: guesses for a person to keep or strike, each with its reason.
import { wordsOf } from "../base/naming.js";
import type { Column, Schema, Table } from "../schema/schema.js";
import { isSkeleton } from "./abbreviation.js";
import { disagreement } from "./agreement.js";
import { isMeasure, isOfElsewhere, isTorn, type Reading, readingOf } from "./column-reading.js";
import { isPeople, isRoleOfPeople } from "./people.js";
import type { Related } from "./relations.js";
import type { TableNouns } from "./table-nouns.js";

export interface SuggestedParent {
  readonly parent: string;
  /** The parent's key. */
  readonly key: string;
}

export interface Suggestion extends SuggestedParent {
  readonly table: string;
  readonly column: string;
  /** Those that are as likely, three at most: its values tell them apart. */
  readonly others: readonly SuggestedParent[];
  readonly because: string;
  /** From 0 to 1: how often such a guess is right. */
  readonly confidence: number;
}

/** At most one a column: the likeliest. Nothing where a relation is known. In the schema's order. */
export function suggestionsOf(schema: Schema, { relations, nouns }: Related): Suggestion[] {
  const known = new Set(
    relations.flatMap((relation) => {
      if (relation.type === "root") return [];
      const ends = relation.type === "one-n" ? [relation.parent] : relation.sides;
      return ends.flatMap(({ columns }) => columns.map((column) => `${relation.table}\0${column}`));
    }),
  );
  const parents = schema.tables.filter(({ kind, primaryKey }) => kind === "table" && primaryKey.length === 1);
  return schema.tables.flatMap((table) =>
    table.kind === "view"
      ? []
      : table.columns.flatMap((column) => {
          if (column.elsewhere || known.has(`${table.id}\0${column.name}`) || isOwnKey(table, column)) return [];
          return likeliest(column, table, parents, nouns);
        }),
  );
}

const isOwnKey = ({ primaryKey }: Table, { name }: Column): boolean =>
  primaryKey.length === 1 && primaryKey[0] === name;

function likeliest(column: Column, table: Table, parents: readonly Table[], nouns: TableNouns): Suggestion[] {
  const reading = readingOf(column.name);
  if (reading === undefined || reading.stem.length === 0 || isOfElsewhere(reading.stem)) return [];
  const guesses = parents.flatMap((parent) => {
    const key = parent.columns.find(({ name }) => name === parent.primaryKey[0]);
    if (key === undefined || key === column || disagreement(column, key, reading.form === "noun") !== undefined)
      return [];
    const guess = guessOf(reading, table, parent, nouns) ?? byKeysEnd(column, parent, key);
    return guess === undefined ? [] : [{ parent, key, near: sharedWords(table, parent, nouns), ...guess }];
  });
  const [best, ...rest] = guesses.sort(
    (a, b) => b.confidence - a.confidence || b.near - a.near || (a.parent.id < b.parent.id ? -1 : 1),
  );
  if (best === undefined) return [];
  const others = rest
    .filter(({ confidence, near }) => confidence === best.confidence && near === best.near)
    .map(({ parent, key }) => ({ parent: parent.id, key: key.name }));
  const [second] = others;
  return [
    {
      table: table.id,
      column: column.name,
      parent: best.parent.id,
      key: best.key.name,
      others: others.slice(0, 3),
      because: second === undefined ? best.because : `${best.because}; so could ${second.parent}`,
      confidence: second === undefined ? best.confidence : Math.round(best.confidence * 5) / 10,
    },
  ];
}

/** How many words two tables begin alike with: those of one part of an application. */
function sharedWords(table: Table, parent: Table, nouns: TableNouns): number {
  const [one, other] = [nouns.coreOf(table), nouns.coreOf(parent)];
  const apart = one.findIndex((word, i) => word !== other[i]);
  return apart === -1 ? one.length : apart;
}

/** `legendsetid`, where a key is called `maplegendsetid`. */
function byKeysEnd(column: Column, parent: Table, key: Column): Guess | undefined {
  const [[end = "", ...more], whole] = [wordsOf(column.name), wordsOf(key.name).join("")];
  return more.length === 0 && /.{4,}id$/.test(end) && whole.length > end.length && whole.endsWith(end)
    ? { because: `the key of ${parent.id} ends so`, confidence: 0.6 }
    : undefined;
}

interface Guess {
  readonly because: string;
  readonly confidence: number;
}

function guessOf({ stem, form }: Reading, table: Table, parent: Table, nouns: TableNouns): Guess | undefined {
  const noun = nouns.coreOf(parent).map(nouns.naming.singular);
  const last = stem.at(-1) as string;
  const isSelf = parent === table;
  if (form === "noun" && !isRoleOfPeople(stem))
    return last === noun.join("_") && last.length > 3 && !isSelf && !isMeasure([last])
      ? { because: `it ends as a row of ${parent.id} is called, and has the type of its key`, confidence: 0.5 }
      : undefined;
  if (isTorn(stem, noun) && isSelf) return { because: `it may be another row of ${parent.id}`, confidence: 0.4 };
  if (isRoleOfPeople(stem) && isPeople(noun.at(-1) ?? ""))
    return { because: `it says who, and ${parent.id} are people`, confidence: noun.length === 1 ? 0.5 : 0.4 };
  if (isSelf) return undefined;
  if (noun.length > stem.length && endsWith(noun, stem))
    return { because: `${parent.id} ends with its word`, confidence: noun.length - stem.length > 1 ? 0.5 : 0.6 };
  if (noun.length > stem.length && endsWith([...noun].reverse(), [...stem].reverse()))
    return { because: `${parent.id} begins with its word`, confidence: 0.4 };
  const whole = noun.join("");
  if (noun.length === 1 && whole.length > 3 && last.length > whole.length && last.endsWith(whole))
    return { because: `its last word ends as ${parent.id} are called`, confidence: 0.5 };
  if (stem.length === 1 && last.length >= 3 && isSkeleton(last, whole))
    return { because: `it is short for ${noun.join(" ")}`, confidence: 0.6 };
  return undefined;
}

const endsWith = (words: readonly string[], end: readonly string[]): boolean =>
  end.every((word, i) => words[words.length - end.length + i] === word);
