// The types that a table's entry may say → a `ConfigError` for any other word, with the nearest one.
import { ConfigError } from "../base/config-error.js";
import { didYouMean } from "../base/suggest.js";
import type { Definition } from "../dialect/parts/definition.js";
import type { Schema } from "../schema/schema.js";

const said =
  "text, string(80), integer, bigint, decimal(10,2), float, boolean, date, time, datetime, timestamp, timestamptz, json, uuid, binary, increments";
const words = said.replace(/\([\d,]+\)/g, "").split(", ");
const others = ["varchar", "int", "smallint", "numeric", "double", "bool", "bigincrements", "serial", "bigserial"];

/** A word, and a length or digits where they mean something. */
const FORM = /^([a-z]+)(\(\d{1,5}(,\s*\d{1,2})?\))?$/i;

/** Those that every database has, under its own name or another's, and the database's own. Throws `ConfigError`. */
export function checkTypes({ tables }: Schema, { isOwn }: Definition): void {
  for (const [i, { columns }] of tables.entries())
    for (const [n, { name, type }] of columns.entries())
      if (!isOwn(type.native)) checkWord(name, type.native, `tables[${i}].columns[${n}].type`);
}

function checkWord(column: string, native: string, place: string): void {
  if (native === "") throw new ConfigError(place, `${column} needs its type: one of ${said}.`);
  const word = FORM.exec(native)?.[1]?.toLowerCase() ?? "";
  if (words.includes(word) || others.includes(word)) return;
  const near = word === "" ? "" : didYouMean(word, words);
  throw new ConfigError(place, `there is no type '${native}'.${near} The types are ${said}, and the database's own.`);
}
