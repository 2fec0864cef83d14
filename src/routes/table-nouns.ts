// Every table by its noun: `users`, `user` and `User` are all `user`, and so is `wp_users` where `wp_` is a prefix.
import { type Naming, type NamingOptions, wordsOf } from "../base/naming.js";
import type { Schema, Table } from "../schema/schema.js";
import { type TableName, tableNames } from "../schema/table-prefix.js";
import { singularNames } from "./other-languages.js";
import { isPeople } from "./people.js";

export interface TableNouns {
  readonly naming: Naming;
  /** A table's name without a prefix. */
  wordsOf(table: Table): readonly string[];
  /** The same without the number of a family: `wp_2_posts` → posts. */
  coreOf(table: Table): readonly string[];
  /** The table that words mean in the eyes of another; nothing where there is none, or where two could be meant. */
  find(words: readonly string[], from: Table): Table | undefined;
  /** Less sure: behind a word that several tables begin with, or but for an ending of another language. */
  findLike(words: readonly string[], from: Table): Table | undefined;
  /** The tables between which `find` cannot choose. */
  between(words: readonly string[], from: Table): readonly Table[];
  /** The table whose key is one column of this name; of several, the one after which it is called. */
  byKey(column: string, from: Table): Table | undefined;
  /** What stands beside it under the same first words: from `current_way_nodes` a `way` is one of `current_ways`. */
  findBeside(words: readonly string[], from: Table): Table | undefined;
  /** The one table of people that there is. */
  peopleFor(from: Table): Table | undefined;
}

type NounOptions = Pick<NamingOptions, "tableNamePlural" | "tablePrefix">;

interface Entry {
  readonly table: Table;
  readonly name: TableName;
}

type Index = Map<string, Entry[]>;

export function nounsOf(schema: Schema, options: NounOptions, naming: Naming): TableNouns {
  const names = tableNames(schema.tables, options.tablePrefix, naming.singular);
  const entries = schema.tables
    .filter(({ kind }) => kind !== "view")
    .map((table) => ({ table, name: names.get(table.id) as TableName }));
  const meant = entries.filter(({ name }) => fits(name.core, options, naming));
  const [exact, modules, loose] = [exactIndex(meant, naming), moduleIndex(meant, naming), looseIndex(meant)];
  const [keys, people] = [keyIndex(entries), tablesOfPeople(meant, naming)];
  const found = (words: readonly string[], from: Table): readonly Entry[] => {
    return near(exact.get(naming.noun(words)) ?? [], from, names);
  };
  const like = (words: readonly string[], from: Table): readonly Entry[] =>
    near(modules.get(naming.noun(words)) ?? loose.get(words.join("_")) ?? [], from, names);
  return {
    naming,
    wordsOf: (table) => (names.get(table.id) as TableName).words,
    coreOf: (table) => (names.get(table.id) as TableName).core,
    find: (words, from) => only(found(words, from))?.table,
    findLike: (words, from) => only(like(words, from))?.table,
    findBeside: (words, from) => {
      const { core } = names.get(from.id) as TableName;
      for (let cut = core.length - 1; cut > 0; cut--) {
        const beside = only(found([...core.slice(0, cut), ...words], from))?.table;
        if (beside !== undefined && beside !== from) return beside;
      }
      return undefined;
    },
    peopleFor: (from) => only(near(people, from, names))?.table,
    between: (words, from) => {
      const all = found(words, from);
      return all.length > 1 ? all.map(({ table }) => table) : [];
    },
    byKey: (column, from) => {
      const all = near(keys.get(wordsOf(column).join("_")) ?? [], from, names);
      return (only(all) ?? only(all.filter((entry) => isCalledAfter(column, entry, naming))))?.table;
    },
  };
}

const only = <T>(items: readonly T[]): T | undefined => (items.length === 1 ? items[0] : undefined);

function fits(words: readonly string[], { tableNamePlural }: NounOptions, naming: Naming): boolean {
  if (tableNamePlural === false) return naming.noun(words) === words.join("_");
  return tableNamePlural !== true || naming.path(words, "many") === naming.path(words);
}

/** What stands nearest: in the same schema, in the same family of tables, in the family that it belongs to. */
function near(all: readonly Entry[], from: Table, names: ReadonlyMap<string, TableName>): readonly Entry[] {
  const own = names.get(from.id) as TableName;
  const steps: ((entry: Entry) => boolean)[] = [
    ({ table }) => table.schema === from.schema,
    ({ name }) => name.family === own.family,
    ({ name }) => own.family.startsWith(`${name.family} `),
    ({ name }) => name.core.length > 1 && own.core.length > 1 && name.core[0] === own.core[0],
  ];
  let left = all;
  for (const step of steps) {
    const nearer = left.filter(step);
    if (nearer.length > 0) left = nearer;
  }
  return left;
}

function exactIndex(entries: readonly Entry[], naming: Naming): Index {
  const index: Index = new Map();
  for (const entry of entries) {
    const { core, words } = entry.name;
    const spelt = [core, words, wordsOf(entry.table.name)].map((one) => naming.noun(one));
    for (const noun of new Set(spelt)) put(index, noun, entry);
  }
  return index;
}

/** `auth_user`, `auth_group`: by the noun behind a first word that several tables have and that is no table itself. */
function moduleIndex(entries: readonly Entry[], naming: Naming): Index {
  const first = new Map<string, number>();
  const things = new Set(entries.map(({ name }) => naming.noun(name.core)));
  for (const { name } of entries) {
    const [word = ""] = name.core;
    if (name.core.length > 1 && !things.has(naming.singular(word))) first.set(word, (first.get(word) ?? 0) + 1);
  }
  const index: Index = new Map();
  for (const entry of entries) {
    const [word = "", ...rest] = entry.name.core;
    if ((first.get(word) ?? 0) > 1 && rest.length > 0) put(index, naming.noun(rest), entry);
  }
  return index;
}

function looseIndex(entries: readonly Entry[]): Index {
  const index: Index = new Map();
  for (const entry of entries) for (const name of singularNames(entry.name.core)) put(index, name, entry);
  return index;
}

/** `users`, and `auth_user` where there is no other. */
function tablesOfPeople(entries: readonly Entry[], naming: Naming): readonly Entry[] {
  const nounOf = (words: readonly string[]) => naming.singular(words.at(-1) ?? "");
  const plain = entries.filter(({ name: { core } }) => core.length === 1 && isPeople(nounOf(core)));
  if (plain.length > 1) return withoutMembers(plain, nounOf);
  return plain.length > 0 ? plain : entries.filter(({ name: { core } }) => core.length === 2 && isUser(core, nounOf));
}

/** `members` beside `users` that says which user each is: the users are the people. */
function withoutMembers(plain: readonly Entry[], nounOf: (words: readonly string[]) => string): readonly Entry[] {
  const nouns = plain.map(({ name }) => `${nounOf(name.core)}_id`);
  const left = plain.filter(({ table, name }) => {
    const isMember = nounOf(name.core) === "member";
    return !isMember || !table.columns.some((column) => nouns.includes(wordsOf(column.name).join("_")));
  });
  return left.length > 0 ? left : plain;
}

const isUser = ([first = "", ...rest]: readonly string[], nounOf: (words: readonly string[]) => string): boolean =>
  ["auth", "app", "site", "sys", "system", "account", "accounts", "core", "res"].includes(first) &&
  isPeople(nounOf(rest));

/** `eventid` is the events' key, whoever else has it for theirs. */
const isCalledAfter = (column: string, { name }: Entry, naming: Naming): boolean =>
  wordsOf(column).join("").startsWith(naming.noun(name.core).replaceAll("_", ""));

/** Keys of one column, by its words; `id` alone says nothing. */
function keyIndex(entries: readonly Entry[]): Index {
  const index: Index = new Map();
  for (const entry of entries) {
    const [key, ...more] = entry.table.primaryKey;
    const words = wordsOf(key ?? "");
    if (more.length === 0 && words.join("").length > 2 && !plainKeys.has(words.join("_")))
      put(index, words.join("_"), entry);
  }
  return index;
}

const plainKeys: ReadonlySet<string> = new Set(
  "code name key number num uuid guid slug title date version type value status position row rowid oid nr".split(" "),
);

function put(index: Index, key: string, entry: Entry): void {
  const there = index.get(key);
  if (there === undefined) index.set(key, [entry]);
  else there.push(entry);
}
