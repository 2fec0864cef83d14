// A column's SQL default → the JSON value that it is, where it is a plain literal of the column's kind.
import { parseDate, parseDateTime, parseTime } from "../plan/moment.js";
import type { Column } from "../schema/schema.js";
import type { JsonSchema } from "./schema.js";

/** `default` where it can be shown, a sentence where not; nothing where there is none. */
export function defaultOf({ default: sql, type, identity }: Column): { keyword: JsonSchema; sentence?: string } {
  if (identity) return { keyword: {}, sentence: "Numbered by the database where it is left out." };
  if (sql === null || /^null\b/i.test(sql)) return { keyword: {} };
  const value = literalOf(sql, type.kind);
  return value === undefined
    ? { keyword: {}, sentence: `Left out, the database computes it: \`${sql}\`.` }
    : { keyword: { default: value } };
}

/** PostgreSQL's casts say nothing more. */
function literalOf(sql: string, kind: Column["type"]["kind"]): unknown {
  const bare = sql.replace(/(?<=['\d)\w])::[\w\s."[\](),]+$/, "");
  const quoted = /^N?'((?:[^']|'')*)'$/s.exec(bare)?.[1]?.replaceAll("''", "'");
  const literal = quoted ?? (/^[+-]?(\d+\.?\d*|\.\d+)$|^(true|false)$/i.test(bare) ? bare : undefined);
  return literal === undefined ? undefined : readers[kind]?.(literal, quoted !== undefined);
}

type Reader = (literal: string, quoted: boolean) => unknown;

const number: Reader = (literal) => {
  const value = Number(literal);
  // A number that a double would round is said in words.
  return literal.trim() !== "" && Number.isFinite(value) && literal.replace(/\D/g, "").length <= 15 ? value : undefined;
};

const plain: Reader = (literal, quoted) => (quoted ? literal : undefined);

const readers: Readonly<Partial<Record<Column["type"]["kind"], Reader>>> = {
  integer: (literal) => (/^[+-]?\d{1,15}$/.test(literal) ? Number(literal) : undefined),
  decimal: number,
  float: number,
  boolean: (literal) => {
    if (/^(true|t|1)$/i.test(literal)) return true;
    return /^(false|f|0)$/i.test(literal) ? false : undefined;
  },
  text: plain,
  enum: plain,
  uuid: plain,
  date: (literal) => parseDate(literal),
  time: (literal) => parseTime(literal),
  datetime: (literal) => parseDateTime(literal)?.local,
};
