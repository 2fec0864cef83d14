// A column of a result as the server describes it → its name and type; and its values as the driver reads them → as tables show them.
import type { TypeCastField } from "mysql2";
import type { ColumnType } from "../../schema/schema.js";
import type { ResultColumn } from "../connection.js";
import { typeOf } from "./column-type.js";
import type { WireColumn } from "./row-by-row.js";

/** https://mariadb.com/kb/en/result-set-packets/#field-types */
const names: Readonly<Record<number, string>> = {
  ...{ 0: "decimal", 246: "decimal", 4: "float", 5: "double" },
  ...{ 1: "tinyint", 2: "smallint", 3: "int", 8: "bigint", 9: "mediumint", 13: "year", 16: "bit" },
  ...{ 7: "timestamp", 10: "date", 11: "time", 12: "datetime", 14: "date" },
  245: "json",
};
const BYTES = 63;
const UNSIGNED = 32;

export const resultColumn = (column: WireColumn): ResultColumn => ({ name: column.name, type: typeOn(column) });

/** For mysql2, which makes objects of JSON and of places, and rounds numbers in JSON: `next` reads what is none of these. */
export function plainValue(field: TypeCastField, next: () => unknown): unknown {
  if (field.type === "JSON") return field.buffer()?.toString("utf8") ?? null;
  return field.type === "GEOMETRY" ? field.buffer() : next();
}

/** Everything else is text, or bytes. */
function typeOn({ columnType, characterSet, columnLength, flags, decimals }: WireColumn): ColumnType {
  const name = names[columnType] ?? (characterSet === BYTES ? "blob" : "text");
  const isUnsigned = (flags & UNSIGNED) !== 0;
  // A BOOLEAN is a TINYINT(1): only for that and BIT the length tells something.
  const native = /^(tinyint|bit)$/.test(name) ? `${name}(${columnLength})` : name;
  return typeOf({
    name,
    native: isUnsigned ? `${native} unsigned` : native,
    precision: columnLength,
    scale: decimals,
    fraction: decimals,
  });
}

/** As `jsonText` has them. */
export function shownValue(value: unknown, type: ColumnType | undefined): unknown {
  if (value === null || type === undefined) return value;
  if (Buffer.isBuffer(value) && /^bit/.test(type.native)) return bits(value, type);
  switch (type.kind) {
    case "boolean":
      return Number(value) !== 0;
    case "float":
      return type.native === "float" ? shortest(value as number) : value;
    case "date":
    case "time":
    case "datetime":
    case "instant":
      return moment(String(value));
    default:
      return value;
  }
}

function bits(bytes: Buffer, { kind, length = 1 }: ColumnType): unknown {
  const digits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return kind === "boolean" ? /1/.test(digits) : digits.slice(-length);
}

/** The fewest digits that lead back to a FLOAT, which the driver makes a double of. */
const shortest = (value: number): number =>
  [6, 7, 8].map((digits) => Number(value.toPrecision(digits))).find((near) => Math.fround(near) === value) ?? value;

/** Without zeros at the end of a fraction. What is called a zero date is no date. */
const moment = (text: string): string | null =>
  text.startsWith("0000-00-00") ? null : text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
