// Tables by what their keys are called: `emp_no`, `hostid`, `TerritoryID`. `id` alone says nothing.
import { wordsOf } from "../base/naming.js";
import type { Table } from "../schema/schema.js";
import type { TableName } from "../schema/table-prefix.js";
import { isAbbreviation } from "./abbreviation.js";

/** A table whose key is one column, and how well its key says which table it is of. */
export interface KeyNamed {
  readonly table: Table;
  readonly name: TableName;
  /** 0: the whole noun. Nothing: the table has no word in common with it. */
  readonly rank: number | undefined;
}

export type KeyNames = ReadonlyMap<string, readonly KeyNamed[]>;

type Entry = Pick<KeyNamed, "table" | "name">;

/** By the words of the key, joined by `_`. */
export function keyNamesOf(
  entries: readonly Entry[],
  nounOf: (words: readonly string[]) => readonly string[],
): KeyNames {
  const index = new Map<string, KeyNamed[]>();
  for (const { table, name } of entries) {
    const [key = "", ...more] = table.primaryKey;
    const words = wordsOf(key);
    if (more.length > 0 || words.join("").length < 3 || saysNothing(words)) continue;
    const named = { table, name, rank: rankOf(stemOfKey(words), nounOf(name.core)) };
    const there = index.get(words.join("_"));
    if (there === undefined) index.set(words.join("_"), [named]);
    else there.push(named);
  }
  if (areCodes(index, entries)) return index;
  return new Map([...index].map(([key, all]) => [key, all.filter(({ rank }) => rank !== undefined)]));
}

/** `KUNNR` of KNA1: where most keys have nothing of their table's name, they are codes that all tables share. */
function areCodes(index: KeyNames, entries: readonly Entry[]): boolean {
  const codes = [...index.values()].flat().filter(({ rank }) => rank === undefined);
  return codes.length * 2 > entries.filter(({ table }) => table.primaryKey.length === 1).length;
}

/** What is surer than all others; of what is less sure, what stands nearest and what the database numbers come first. */
export function bestNamed(
  all: readonly KeyNamed[],
  nearest: (all: readonly KeyNamed[]) => readonly KeyNamed[],
): KeyNamed | undefined {
  const sure = all.filter(isSure);
  const numbered = all.filter(({ table }) => numbersKey(table));
  // `entity_id`, which many tables number for themselves, is a key's name and no table's.
  if (sure.length === 0 && numbered.length > 1) return undefined;
  const left = nearest(sure.length > 0 ? sure : numbered.length > 0 ? numbered : all);
  const best = Math.min(...left.map(rankIn));
  const [one, ...more] = left.filter((named) => rankIn(named) === best);
  return more.length === 0 ? one : undefined;
}

const rankIn = ({ rank }: KeyNamed): number => rank ?? Number.POSITIVE_INFINITY;

/** Called as the table's whole noun is, or short for it. */
export const isSure = (named: KeyNamed): boolean => rankIn(named) < 2;

export const numbersKey = ({ primaryKey: [key], columns }: Table): boolean =>
  columns.some(({ name, identity, default: value }) => name === key && (identity || /nextval/i.test(value ?? "")));

/** What a column may be called that is a key by chance, and an attribute elsewhere. */
const attributes: ReadonlySet<string> = new Set(
  (
    "code name key number num uuid guid gid slug title date version type value status position row rowid oid nr token checksum hash digest " +
    "description reference email login path url uri label content data locale username hostname domain comment text body message secret " +
    "class kind category year month day timestamp created lft rgt ident identifier sequence seq"
  ).split(" "),
);

const saysNothing = (words: readonly string[]): boolean => words.length === 1 && attributes.has(words[0] as string);

const marks: ReadonlySet<string> = new Set("id no nr num number code key uuid guid nummer numero".split(" "));

/** `emp_no` → emp; `hostid` → host; `id_cliente` → cliente. */
function stemOfKey(words: readonly string[]): readonly string[] {
  if (words.length > 1 && marks.has(words.at(-1) as string)) return words.slice(0, -1);
  if (words.length > 1 && marks.has(words[0] as string)) return words.slice(1);
  const last = words.at(-1) as string;
  const stem = /^(.+?)(?:id|no|nr|code)$/u.exec(last)?.[1];
  return stem === undefined ? words : [...words.slice(0, -1), stem];
}

/** How a key's word and a table's noun go together; the lower, the surer. */
function rankOf(stem: readonly string[], noun: readonly string[]): number | undefined {
  const [short, whole] = [stem.join(""), noun.join("")];
  const last = noun.at(-1) ?? "";
  if (short === whole) return 0;
  if ((noun.length === 1 && isAbbreviation(short, whole)) || isInitials(short, noun)) return 1;
  if (noun.length > stem.length && stem.every((word, i) => noun[noun.length - stem.length + i] === word))
    return 2 + (noun.length - stem.length) / 100;
  if (last.length > 2 && short.endsWith(last)) return 3;
  if (short.length > 2 && (last.endsWith(short) || isAbbreviation(short, last))) return 3;
  if (short.length > 1 && (whole.startsWith(short) || isWithin(stem, noun))) return 4;
  if (stem.length > 1 && stem[0] === noun[0]) return 4;
  return short.length === 1 && whole.startsWith(short) ? 5 : undefined;
}

/** `bu` for business unit. */
const isInitials = (short: string, noun: readonly string[]): boolean =>
  noun.length > 1 && short === noun.map(([letter]) => letter).join("");

const isWithin = (words: readonly string[], noun: readonly string[]): boolean =>
  noun.some((_, at) => words.every((word, i) => noun[at + i] === word));
