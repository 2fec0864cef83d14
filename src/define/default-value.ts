// A column's default as SQL text → the value that it is, where it is a plain one. No such text is ever run.
import type { Definition } from "../dialect/parts/definition.js";
import type { Column, ColumnType } from "../schema/schema.js";

/** `now`: the moment that a row is made at. `sql`: what only the database that said it understands. */
export type DefaultValue =
  | { readonly is: "value"; readonly value: string | boolean; readonly quoted: boolean }
  | { readonly is: "now" }
  | { readonly is: "sql"; readonly sql: string };

const NOW =
  /^(now|current_timestamp|localtimestamp|current_date|current_time|localtime|curdate|curtime|getdate|sysutcdatetime|sysdatetime)(\(\d*\))?$/i;

/** Nothing where there is none, or where the database numbers the column. */
export function defaultValueOf({ default: sql, identity, type }: Column): DefaultValue | undefined {
  if (sql === null || identity) return undefined;
  const bare = plain(sql);
  if (/^null$/i.test(bare)) return undefined;
  if (NOW.test(bare)) return { is: "now" };
  const quoted = /^N?'((?:[^']|'')*)'$/s.exec(bare)?.[1]?.replaceAll("''", "'");
  const text = quoted ?? (/^[+-]?(\d+\.?\d*|\.\d+)$|^(true|false)$/i.test(bare) ? bare : undefined);
  if (text === undefined) return { is: "sql", sql };
  return { is: "value", value: type.kind === "boolean" ? truth(text) : text, quoted: quoted !== undefined };
}

/** Without PostgreSQL's casts and what parentheses stand around it. */
function plain(sql: string): string {
  const bare = sql.trim().replace(/(?<=['\d)\w])::[\w\s."[\](),]+$/, "");
  const inner = /^\((.*)\)$/s.exec(bare)?.[1];
  return inner === undefined ? bare.replace(/^b'([01])'$/, "$1") : plain(inner);
}

const truth = (text: string): boolean => /^(true|t|1)$/i.test(text);

/** Can the database have it? No default at all is possible too. */
export function isPossibleDefault(column: Column, definition: Definition, keyed: boolean): boolean {
  const given = defaultValueOf(column);
  if (given === undefined) return true;
  if (given.is === "now") return definition.now(column.type) !== undefined;
  return given.is === "value" && definition.takesDefault(definition.typeName(column.type, keyed));
}

/** Are they the same for a column of this type? */
export const sameDefault = (one: Column, other: Column): boolean =>
  keyOf(defaultValueOf(one), one.type) === keyOf(defaultValueOf(other), other.type);

function keyOf(given: DefaultValue | undefined, { kind }: ColumnType): string {
  if (given === undefined || given.is === "now") return given?.is ?? "";
  if (given.is === "sql") return `sql ${given.sql}`;
  const text = String(given.value);
  const isNumber = kind === "integer" || kind === "decimal" || kind === "float";
  return `value ${isNumber && text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text}`;
}

/** A default as a person writes it in an entry → SQL text that says the same: a value, or the word `now`. */
export function defaultFromEntry(given: unknown, { kind }: ColumnType): string | null {
  if (given === null || given === undefined) return null;
  const text = String(given);
  if (text === "now" && /^(date|time|datetime|instant)$/.test(kind)) return "CURRENT_TIMESTAMP";
  const isPlain = typeof given !== "string" || /^'(?:[^']|'')*'$/s.test(text);
  return isPlain ? text : `'${text.replaceAll("'", "''")}'`;
}
