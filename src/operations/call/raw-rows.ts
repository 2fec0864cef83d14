// Values as a driver gives them, where the database makes no JSON of them → their JSON, in the forms of all other answers.
import { isLosslessNumber, LosslessNumber, parse, stringify } from "lossless-json";
import { isBig } from "../../dialect/big-numbers.js";
import type { DatabaseResult, ResultColumn } from "../../dialect/connection.js";
import type { Dialect } from "../../dialect/dialect.js";
import type { TextPart } from "../../dialect/parts/calls.js";
import type { ColumnType } from "../../schema/schema.js";

type Rows = DatabaseResult["rows"];
/** How the database writes values. */
type Spelling = Pick<Dialect, "bigNumbersAsText" | "textParts">;

/** Rows of columns in this order, as JSON objects. */
export function rowsAsJson(rows: Rows, columns: readonly ResultColumn[], spelling: Spelling): string[] {
  const fields = columns.map(({ name, type }) => ({ head: `${JSON.stringify(name)}:`, type }));
  return rows.map(
    (row) => `{${fields.map(({ head, type }, i) => head + shownAsJson(row[i], type, spelling)).join(",")}}`,
  );
}

function shownAsJson(value: unknown, type: ColumnType, spelling: Spelling): string {
  const { element, fields } = type;
  if (typeof value === "string" && (element ?? fields) !== undefined && spelling.textParts !== undefined)
    return partsAsJson(spelling.textParts(value), type, spelling);
  const json = valueAsJson(value, type);
  return spelling.bigNumbersAsText && isBig(type) && NUMBER.test(json) ? `"${json}"` : json;
}

function partsAsJson(parts: readonly TextPart[], type: ColumnType, spelling: Spelling): string {
  const { element = type, fields } = type;
  if (fields === undefined) {
    const items = parts.map((part) =>
      isNested(part) ? partsAsJson(part, type, spelling) : shownAsJson(part, element, spelling),
    );
    return `[${items.join(",")}]`;
  }
  const all = fields.map(({ name, type: of }, i) => `${JSON.stringify(name)}:${shownAsJson(parts[i], of, spelling)}`);
  return `{${all.join(",")}}`;
}

const isNested = (part: TextPart): part is readonly TextPart[] => Array.isArray(part);

/** The same for columns that no catalogue knows: those without a name are numbered, and so is a name that came before. */
export const bareRows = (rows: Rows, columns: readonly ResultColumn[], spelling: Spelling): string[] =>
  rowsAsJson(rows, named(columns), spelling);

function named(columns: readonly ResultColumn[]): ResultColumn[] {
  const taken = new Set(columns.map(({ name }) => name));
  const given = new Set<string>();
  return columns.map(({ name, type }, i) => {
    const free = name === "" || given.has(name) ? freeName(name === "" ? `column${i + 1}` : name, taken) : name;
    taken.add(free);
    given.add(free);
    return { name: free, type };
  });
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let i = 2; ; i++) if (!taken.has(`${name}_${i}`)) return `${name}_${i}`;
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

export function valueAsJson(value: unknown, { kind }: ColumnType): string {
  if (value === null || value === undefined) return "null";
  if (Buffer.isBuffer(value)) return JSON.stringify(value.toString(kind === "binary" ? "base64" : "utf8"));
  const text = value instanceof Date ? value.toISOString() : String(value);
  switch (kind) {
    case "integer":
    case "decimal":
    case "float":
    case "any":
      if (typeof value === "string" && kind === "any") return JSON.stringify(value);
      return NUMBER.test(text) ? text : JSON.stringify(text);
    case "boolean":
      return String(/^(t|true|1)$/.test(text));
    case "json":
      return isJson(text) ? text : JSON.stringify(text);
    case "binary":
      return JSON.stringify(Buffer.from(text.replace(/^\\x/, ""), "hex").toString("base64"));
    case "datetime":
      return JSON.stringify(text.replace(" ", "T"));
    case "instant":
      return JSON.stringify(text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"));
    default:
      return JSON.stringify(text);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What a host's own function returns. A Buffer is base64, and whole numbers keep their digits. */
export function anyAsJson(value: unknown): string {
  return stringify(value, (_, one) => (isBytes(one) ? Buffer.from(one.data).toString("base64") : one)) ?? "null";
}

const isBytes = (value: unknown): value is { readonly data: number[] } =>
  typeof value === "object" &&
  value !== null &&
  !isLosslessNumber(value) &&
  (value as { type?: unknown }).type === "Buffer" &&
  Array.isArray((value as { data?: unknown }).data);

/** A config's default, as it was written. */
export const defaultValue = (text: string): unknown => parse(text, null, (digits) => new LosslessNumber(digits));
