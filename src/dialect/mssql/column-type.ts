// A column's type as sys.types and sys.columns tell it → what its values are.
import type { ColumnType } from "../../schema/schema.js";

interface NativeType {
  /** The system type's name, alias types resolved: `nvarchar`. */
  readonly name: string;
  /** max_length: bytes, -1 for `max`. */
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  /** Where it is not the database's own. */
  readonly collation?: string;
  /** The schema of a CLR type that is not one of the system's. */
  readonly clr?: string;
}

export function typeOf({ name, length = 0, precision = 0, scale = 0, collation, clr }: NativeType): ColumnType {
  const bits = integerBits[name];
  if (bits !== undefined) return { kind: "integer", native: name, ...bits };
  const size = name.startsWith("n") ? length / 2 : length;
  const sized = `${name}(${length === -1 ? "max" : size})`;
  const most = length === -1 ? {} : { length: size };
  const fraction = `${name}(${scale})`;
  switch (name) {
    case "bit":
      return { kind: "boolean", native: name };
    case "decimal":
    case "numeric":
      return { kind: "decimal", native: `${name}(${precision},${scale})`, precision, scale };
    case "money":
    case "smallmoney":
      return { kind: "decimal", native: name, precision: name === "money" ? 19 : 10, scale: 4 };
    case "float":
    case "real":
      return { kind: "float", native: name };
    case "char":
    case "varchar":
    case "nchar":
    case "nvarchar":
      return { kind: "text", native: collation === undefined ? sized : `${sized} COLLATE ${collation}`, ...most };
    case "text":
    case "ntext":
      return { kind: "text", native: name };
    case "uniqueidentifier":
      return { kind: "uuid", native: name };
    case "date":
      return { kind: "date", native: name };
    case "time":
      return { kind: "time", native: fraction, scale };
    case "datetime2":
      return { kind: "datetime", native: fraction, scale };
    case "datetime":
    case "smalldatetime":
      return { kind: "datetime", native: name, scale: name === "datetime" ? 3 : 0 };
    case "datetimeoffset":
      return { kind: "instant", native: fraction, scale };
    case "binary":
    case "varbinary":
      return { kind: "binary", native: sized, ...most };
    case "timestamp":
      return { kind: "binary", native: "rowversion", length: 8 };
    case "image":
      return { kind: "binary", native: name };
    case "json":
      return { kind: "json", native: name };
    default:
      // In brackets what a `.ToString()` makes text of, as far as its name does not say so.
      return { kind: "other", native: clr === undefined ? name : `[${clr}].[${name}]` };
  }
}

const integerBits: Readonly<Record<string, { readonly min: string; readonly max: string }>> = {
  tinyint: { min: "0", max: "255" },
  smallint: { min: "-32768", max: "32767" },
  int: { min: "-2147483648", max: "2147483647" },
  bigint: { min: "-9223372036854775808", max: "9223372036854775807" },
};
