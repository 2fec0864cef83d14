// Every table by its noun: `users`, `user` and `User` are all `user`, and so is `wp_users` where `wp_` is a prefix.
import { type Naming, type NamingOptions, wordsOf } from "../base/naming.js";
import type { Schema, Table } from "../schema/schema.js";
import { type TableName, tableNames } from "../schema/table-prefix.js";
import { bestNamed, type KeyNamed, keyNamesOf } from "./key-names.js";
import { singularNames } from "./other-languages.js";
import { isPeople } from "./people.js";
import { accountsAmong, isAccount, tablesOfPeople, workersAmong } from "./people-tables.js";

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
  /** Less sure still: the one table that ends with the noun, where both are of one part of the schema, or people. */
  findEnding(words: readonly string[], from: Table): Table | undefined;
  /** The tables between which `find` cannot choose. */
  between(words: readonly string[], from: Table): readonly Table[];
  /** The table whose key is one column of this name; of several, the one after which it is called. */
  byKey(column: string, from: Table): KeyNamed | undefined;
  /** The table whose key, called after it, a word ends with: `shiptoaddressid`. */
  byKeyBehind(word: string, from: Table): Table | undefined;
  /** What stands beside it under the same first words: from `current_way_nodes` a `way` is one of `current_ways`. */
  findBeside(words: readonly string[], from: Table): Table | undefined;
  /** What is called after it and the words: from `invoices` a `status` is one of `invoice_statuses`. */
  findBelow(words: readonly string[], from: Table): Table | undefined;
  /** The one table of people that there is; where there are several, the accounts, unless it says what people are at work. */
  peopleFor(from: Table, atWork: boolean): Table | undefined;
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
  const [exact, joined, fuller] = [exactIndex(meant, naming), joinedIndex(meant, naming), fullerIndex(meant, naming)];
  const [behind, modules, loose] = [behindIndex(meant, naming), modulesOf(meant, naming), looseIndex(meant)];
  const ends = endIndex(meant, naming);
  const keys = keyNamesOf(entries, (words) => wordsOf(naming.noun(words)));
  const people = tablesOfPeople(meant, naming);
  const accounts = accountsAmong(people, naming);
  const atWork = workersAmong(people, meant, naming);
  const keyed = (key: string, from: Table) => bestNamed(keys.get(key) ?? [], (all) => near(all, from, names));
  const found = (words: readonly string[], from: Table): readonly Entry[] => {
    return near(exact.get(naming.noun(words)) ?? joined.get(joinedNoun(words, naming)) ?? [], from, names);
  };
  const like = (words: readonly string[], from: Table): Entry | undefined => {
    const noun = joinedNoun(words, naming);
    const nearest = (all: readonly Entry[] = []) =>
      near(
        all.filter(({ table }) => table !== from),
        from,
        names,
      );
    return (
      only(nearest(fuller.get(noun))) ??
      inModule(nearest(behind.get(noun)), modules, names.get(from.id)?.core[0]) ??
      only(nearest(loose.get(words.join("_")))) ??
      only(nearest((ends.get(lastNoun(words, naming)) ?? []).filter(({ name }) => isWithin(words, name.core, naming))))
    );
  };
  const other = (words: readonly string[], from: Table): Table | undefined => {
    const table = only(found(words, from))?.table;
    return table === from ? undefined : table;
  };
  return {
    naming,
    wordsOf: (table) => (names.get(table.id) as TableName).words,
    coreOf: (table) => (names.get(table.id) as TableName).core,
    find: (words, from) => only(found(words, from))?.table,
    findLike: (words, from) => like(words, from)?.table,
    findEnding: (words, from) => {
      const noun = lastNoun(words, naming);
      const core = (names.get(from.id) as TableName).core;
      const one = only(ends.get(noun) ?? []);
      const isNear =
        core[0] === one?.name.core[0] ||
        (isPeople(noun) && !isAccount(noun)) ||
        core.some((word) => naming.singular(word) === noun);
      return isNear && words.length === 1 && one?.table !== from ? one?.table : undefined;
    },
    findBeside: (words, from) => {
      const core = (names.get(from.id) as TableName).core;
      for (let cut = core.length - 1; cut > 0; cut--) {
        const beside = other([...core.slice(0, cut), ...words], from);
        if (beside !== undefined) return beside;
      }
      return undefined;
    },
    findBelow: (words, from) => {
      const core = withoutFiller((names.get(from.id) as TableName).core);
      return other([...wordsOf(naming.noun(core)), ...words], from);
    },
    peopleFor: (from, isAtWork) => only(near(isAtWork ? atWork : accounts, from, names))?.table,
    between: (words, from) => {
      const all = found(words, from);
      return all.length > 1 ? all.map(({ table }) => table) : [];
    },
    byKey: (column, from) => keyed(wordsOf(column).join("_"), from),
    byKeyBehind: (word, from) => {
      for (let cut = 1; cut <= word.length - shortestGlued; cut++) {
        const named = keyed(word.slice(cut), from);
        if (named?.rank === 0) return named.table;
      }
      return undefined;
    },
  };
}

/** `shiptoaddressid` ends with `addressid`; a shorter key is the end of too many words. */
const shortestGlued = 6;

const only = <T>(items: readonly T[]): T | undefined => (items.length === 1 ? items[0] : undefined);

function fits(words: readonly string[], { tableNamePlural }: NounOptions, naming: Naming): boolean {
  if (tableNamePlural === false) return naming.noun(words) === words.join("_");
  return tableNamePlural !== true || naming.path(words, "many") === naming.path(words);
}

/** What stands nearest: in the same schema, in the same family of tables, in the family that it belongs to. */
function near<E extends Entry>(all: readonly E[], from: Table, names: ReadonlyMap<string, TableName>): readonly E[] {
  const own = names.get(from.id) as TableName;
  const steps: ((entry: E) => boolean)[] = [
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

/** `auth_user`, `auth_group`: by the noun behind one word. */
function behindIndex(entries: readonly Entry[], naming: Naming): Index {
  const index: Index = new Map();
  for (const entry of entries) {
    const [, ...rest] = withoutFiller(entry.name.core);
    if (rest.length > 0) put(index, joinedNoun(rest, naming), entry);
  }
  return index;
}

/** First words that several tables have and that are no tables themselves, each with how many. */
function modulesOf(entries: readonly Entry[], naming: Naming): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  const things = new Set(entries.map(({ name }) => naming.noun(name.core)));
  for (const { name } of entries) {
    const [word = ""] = name.core;
    if (name.core.length > 1 && !things.has(naming.singular(word))) first.set(word, (first.get(word) ?? 0) + 1);
  }
  return new Map([...first].filter(([, count]) => count > 1));
}

/** The one of a module; where the noun stands behind other words too, the module must have more tables than they are, or be the own. */
function inModule(
  all: readonly Entry[],
  modules: ReadonlyMap<string, number>,
  own: string | undefined,
): Entry | undefined {
  const wordOf = ({ name }: Entry) => name.core[0] as string;
  const one = only(all.filter((entry) => modules.has(wordOf(entry))));
  if (one === undefined) return undefined;
  return wordOf(one) === own || (modules.get(wordOf(one)) as number) > all.length ? one : undefined;
}

/** Last words by which a table says that it is one, or the main one: `customer_entity`, `modules_master`, `order_header`. */
const fillers: ReadonlySet<string> = new Set("entity master mst header hdr table tbl tab main base".split(" "));

const withoutFiller = (core: readonly string[]): readonly string[] =>
  core.length > 1 && fillers.has(core.at(-1) as string) ? core.slice(0, -1) : core;

function fullerIndex(entries: readonly Entry[], naming: Naming): Index {
  const index: Index = new Map();
  for (const entry of entries) {
    const core = withoutFiller(entry.name.core);
    if (core !== entry.name.core) put(index, joinedNoun(core, naming), entry);
  }
  return index;
}

const joinedNoun = (words: readonly string[], naming: Naming): string => naming.noun(words).replaceAll("_", "");

/** `procdef` for `proc_def_id`: whatever the cuts between the words. */
function joinedIndex(entries: readonly Entry[], naming: Naming): Index {
  const index: Index = new Map();
  for (const entry of entries) put(index, joinedNoun(entry.name.core, naming), entry);
  return index;
}

/** By the last word alone. */
function endIndex(entries: readonly Entry[], naming: Naming): Index {
  const index: Index = new Map();
  for (const entry of entries) put(index, lastNoun(entry.name.core, naming), entry);
  return index;
}

const lastNoun = (words: readonly string[], naming: Naming): string => naming.singular(words.at(-1) ?? "");

/** `task_attempt` in `task_run_attempts`, `payout_method` in `legal_entity_payout_methods`: two words at least, from the first on or up to the last. */
function isWithin(words: readonly string[], core: readonly string[], naming: Naming): boolean {
  if (words.length < 2) return false;
  const noun = [...core.slice(0, -1), lastNoun(core, naming)];
  if (words.every((word, i) => word === noun[noun.length - words.length + i])) return true;
  let at = 0;
  for (const word of noun) if (word === words[at]) at++;
  return noun[0] === words[0] && at === words.length;
}

function looseIndex(entries: readonly Entry[]): Index {
  const index: Index = new Map();
  for (const entry of entries) for (const name of singularNames(entry.name.core)) put(index, name, entry);
  return index;
}

function put(index: Index, key: string, entry: Entry): void {
  const there = index.get(key);
  if (there === undefined) index.set(key, [entry]);
  else there.push(entry);
}
