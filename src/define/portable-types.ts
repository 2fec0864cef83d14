// The types that a table's entry may say → a `ConfigError` for any other word, with the nearest one. And a column's type → such a word.
import { ConfigError } from "../base/config-error.js";
import { didYouMean } from "../base/suggest.js";
import type { Definition } from "../dialect/parts/definition.js";
import { decimalDigits, integerSize } from "../dialect/type-names.js";
import type { Column, ColumnType, Schema, ValueKind } from "../schema/schema.js";
import { typeNamed } from "../schema/type-name.js";

const said =
  "text, string(80), integer, bigint, decimal(10,2), float, boolean, date, time, datetime, timestamp, timestamptz, json, uuid, binary, increments";
const words = said.replace(/\([\d,]+\)/g, "").split(", ");
const others = ["varchar", "int", "smallint", "numeric", "double", "bool", "bigincrements", "serial", "bigserial"];

/** A word, and a length or digits where they mean something. */
const FORM = /^([a-z]+)(\(\d{1,5}(,\s*\d{1,2})?\))?$/i;

/** Those that every database has, under its own name or another's, and the database's own. Throws `ConfigError`. */
export function checkTypes({ tables }: Schema, definition: Definition): void {
  for (const [i, { columns }] of tables.entries())
    for (const [n, column] of columns.entries()) checkType(column, definition, `tables[${i}].columns[${n}].type`);
}

/** The same of one column. */
export function checkType({ name, type }: Column, { isOwn }: Definition, place: string): void {
  if (!isOwn(type.native)) checkWord(name, type.native, place);
}

/** The word of an entry for a column's type; its own name where no word says the same. */
export function typeWord({ type, identity }: Column, { plainName }: Definition): string {
  if (identity) return /^(big|int8)/i.test(type.native) ? "bigincrements" : "increments";
  const plain = plainName(type.native);
  if (wordIn(plain, words) && typeNamed(plain).kind === type.kind) return plain;
  return wordsByKind[type.kind]?.(type) ?? type.native;
}

/** A text that may be longer than this has any length. */
const LONGEST = 4_000;

const wordsByKind: Readonly<Partial<Record<ValueKind, (type: ColumnType) => string>>> = {
  text: ({ length = Number.POSITIVE_INFINITY }) => (length <= LONGEST ? `string(${length})` : "text"),
  integer: (type) => {
    const { bits, unsigned } = integerSize(type);
    return unsigned ? type.native : { 16: "smallint", 32: "integer", 64: "bigint" }[bits];
  },
  decimal: (type) => `decimal${decimalDigits(type, "")}`,
  float: () => "float",
  boolean: () => "boolean",
  uuid: () => "uuid",
  date: () => "date",
  time: () => "time",
  datetime: () => "datetime",
  instant: () => "timestamptz",
  json: () => "json",
  binary: () => "binary",
};

const wordIn = (native: string, list: readonly string[]): boolean =>
  list.includes(FORM.exec(native)?.[1]?.toLowerCase() ?? "");

function checkWord(column: string, native: string, place: string): void {
  if (native === "") throw new ConfigError(place, `${column} needs its type: one of ${said}.`);
  if (wordIn(native, [...words, ...others])) return;
  const word = FORM.exec(native)?.[1]?.toLowerCase() ?? "";
  const near = word === "" ? "" : didYouMean(word, words);
  throw new ConfigError(place, `there is no type '${native}'.${near} The types are ${said}, and the database's own.`);
}
