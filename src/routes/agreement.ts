// Can a column hold another table's key? Types, signs, lengths and collations: what keeps it from that, in words.
import { type Column, type ColumnType, collatesWith, type ValueKind } from "../schema/schema.js";

const whole: ReadonlySet<ValueKind> = new Set(["integer", "decimal"]);
const loose: ReadonlySet<ValueKind> = new Set(["any", "other"]);

/** Nothing where they agree. `strictly`: of one type exactly, for what is told by little else. */
export function disagreement(column: Column, key: Column, strictly = false): string | undefined {
  const [a, b] = [column.type, key.type];
  if (column.generated) return "it is computed";
  if (loose.has(a.kind) || loose.has(b.kind)) return undefined;
  if (!isOneKind(a, b)) return `it is ${a.native}, and the key is ${b.native}`;
  if (isUnsigned(a) !== isUnsigned(b))
    return `${isUnsigned(a) ? "it" : "the key"} is unsigned, and ${isUnsigned(a) ? "the key" : "it"} is not`;
  if (a.kind === "binary" && a.length !== b.length) return `it is ${a.native}, and the key is ${b.native}`;
  if (!collatesWith(column, key)) return `its collation is ${column.collation}, and the key's is ${key.collation}`;
  if ((a.kind === "enum" || a.kind === "array") && a.native !== b.native)
    return `it is ${a.native}, and the key is ${b.native}`;
  if (strictly && a.native.toLowerCase() !== b.native.toLowerCase())
    return `it is ${a.native}, and the key is ${b.native}`;
  if (strictly && a.kind === "text" && isAnyLength(a.length)) return "it is any text";
  return undefined;
}

/** No length, or one that is given to every text: 191 is what an index of MySQL took. */
const isAnyLength = (length: number | undefined): boolean => length === undefined || length === 191 || length >= 255;

/** A number never refers to a text: PostgreSQL would refuse to compare them. */
const isOneKind = (a: ColumnType, b: ColumnType): boolean =>
  a.kind === b.kind || (whole.has(a.kind) && whole.has(b.kind) && !hasFraction(a) && !hasFraction(b));

const hasFraction = ({ scale = 0 }: ColumnType): boolean => scale > 0;

const isUnsigned = ({ kind, min }: ColumnType): boolean =>
  kind === "integer" && min !== undefined && !min.startsWith("-");
