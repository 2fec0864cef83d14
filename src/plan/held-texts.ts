// A filter's text → what a row may hold that shows it, in a column whose type is a habit and no promise (SQLite): a text where numbers
// should be, bytes where texts should be.
import { parse, stringify } from "lossless-json";
import { HttpError, problemParts } from "../http/problem.js";
import type { ColumnType } from "../schema/schema.js";
import { TEXT } from "./comparing.js";
import { numberType } from "./key-value.js";
import { NUMBER } from "./row-segment.js";
import type { Value } from "./terms.js";
import { fromText } from "./value.js";

/** None of these is of the column's type, but a row may show it: whether one does is to be asked of the database. */
export class Unfit extends HttpError {
  static of(refused: HttpError, table: string, column: string, text: string): Unfit {
    const made = new Unfit(refused.status, refused.message, problemParts(refused));
    return Object.assign(made, { table, column, text });
  }

  readonly table: string = "";
  readonly column: string = "";
  readonly text: string = "";
}

/** The texts that rows are known to show all the same, in columns and in addresses. */
export class HeldTexts {
  readonly #known = new Set<string>();
  readonly #rows = new Map<string, readonly Value[]>();

  /** The key of the row that has this address, where it is not what the address says by itself. */
  rowOf(table: string, segment: string): readonly Value[] | undefined {
    return this.#rows.size === 0 ? undefined : this.#rows.get(nameOf(table, segment));
  }

  addRow(table: string, segment: string, key: readonly Value[] | undefined): void {
    if (this.#rows.size >= MOST_KNOWN) this.#rows.clear();
    if (key === undefined) this.#rows.delete(nameOf(table, segment));
    else this.#rows.set(nameOf(table, segment), key);
  }

  has(table: string, column: string, text: string): boolean {
    return this.#known.size > 0 && this.#known.has(nameOf(table, column, text));
  }

  add({ table, column, text }: Unfit): void {
    // Of a column that is full of them nothing is lost but another look.
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.add(nameOf(table, column, text));
  }
}

const MOST_KNOWN = 1_000;
const nameOf = (...parts: readonly string[]): string => JSON.stringify(parts);

/** `typed` is what the text is as a value of the column's type, where it is one. The most likely stands first. */
export function heldAs(text: string, type: ColumnType, typed?: Value): Value[] {
  const { kind } = type;
  const isNumber = NUMBER.test(text);
  if (isNumber && kind === "boolean" && typed !== undefined) return [typed];
  if (isNumber && numeric.has(kind)) return [kind === "integer" && typed !== undefined ? typed : numberIn(text)];
  const first = typed === undefined ? [] : kind === "json" ? [typed, minified(typed)] : [typed];
  const said = { value: text, type: TEXT };
  return [
    ...first,
    ...(kind === "time" && typed !== undefined ? fractions(String(typed.value)) : []),
    ...(kind === "uuid" && typed !== undefined ? [{ value: text.toUpperCase(), type: TEXT }] : []),
    ...(isNumber && kind !== "any" && kind !== "text" ? [numberIn(text)] : []),
    ...(INFINITE.test(text) && kind !== "text" ? [{ value: Number(text), type: numberType(text) }] : []),
    ...(typed?.value === text ? [] : [said]),
    ...((kind !== "binary" || typed === undefined) && isBase64(text) ? [bytesOf(text)] : []),
  ];
}

/** Their columns make a number of a text that looks like one. */
const numeric: ReadonlySet<string> = new Set(["integer", "decimal", "float"]);

/** A number's text → what it is in a column of no type. */
export function numberIn(text: string): Value {
  const type = numberType(text);
  const read = fromText(text, type);
  // One past all doubles is infinite.
  return read.ok ? { value: read.value, type } : { value: Number(text), type };
}

const INFINITE = /^-?Infinity$/;

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const isBase64 = (text: string): boolean =>
  text.length % 4 === 0 && BASE64.test(text) && Buffer.from(text, "base64").toString("base64") === text;
const bytesOf = (text: string): Value => ({ value: Buffer.from(text, "base64"), type: { kind: "binary", native: "" } });

/** Without the white space that an answer does not show. */
const minified = ({ value, type }: Value): Value => ({ value: stringify(parse(String(value))) as string, type });

/** Zeros at a fraction's end are not shown. */
function fractions(time: string): Value[] {
  const [clock = "", digits = ""] = time.split(".");
  const lengths = [1, 2, 3, 4, 5, 6].filter((length) => length > digits.length);
  return lengths.map((length) => ({ value: `${clock}.${digits.padEnd(length, "0")}`, type: TEXT }));
}
