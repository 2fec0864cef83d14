// A value as a client wrote it → the canonical value of its column's type, or a sentence that says what fits.
// The canonical forms are listed at `Dialect.encode`.
import { isLosslessNumber, parse, stringify } from "lossless-json";
import { didYouMean, excerpt } from "../base/suggest.js";
import { EXACT_DIGITS, Rounded, roundedAdvice } from "../request/rounded.js";
import type { BitString, ColumnType, TypeField, ValueKind } from "../schema/schema.js";
import { strangerIn } from "./charset.js";
import { geometryFromJson, geometryFromText, type ReadGeometry } from "./geometry.js";
import { parseDate, parseDateTime, parseTime } from "./moment.js";
import { integer, roundsUp, wholeDecimal } from "./number-text.js";
import { UUID } from "./value-patterns.js";

export type Canonical = string | number | bigint | boolean | null | Buffer | readonly Canonical[];

/** Thrown inside this file only, so that nested elements can refuse; callers get a `Typed`. */
class Misfit extends Error {}

export type Typed = { readonly ok: true; readonly value: Canonical } | { readonly ok: false; readonly message: string };

/** Types what stood in a URL: always text. */
export const fromText = (text: string, type: ColumnType): Typed => attempt(() => readText(text, type));

/** Types what stood in a JSON body; null is the caller's business. */
export const fromJson = (value: unknown, type: ColumnType): Typed => attempt(() => readJson(value, type));

/**
 * The same for what a client wrote into a body, as the published schemas have it: a number in text is its digits, without an
 * exponent, and an array is one.
 */
export const fromBody = (value: unknown, type: ColumnType): Typed =>
  attempt(() => {
    requireForm(value, type);
    if (type.heldOnly && type.also !== undefined && typeof value === "string" && patternOf(type.also).test(value))
      throw new Misfit(`is ${describe(type)}, not '${excerpt(value)}'`);
    return readJson(value, type);
  });

function requireForm(value: unknown, type: ColumnType): void {
  if (Array.isArray(value) && type.element !== undefined) {
    for (const item of value) requireForm(item, Array.isArray(item) ? type : type.element);
  }
  if (typeof value !== "string") return;
  if (type.kind === "array") throw new Misfit(`is an array, not '${excerpt(value)}'`);
  if (withDigits.has(type.kind) && /[\d.]e/i.test(value))
    throw new Misfit(`is ${describe(type)}: in text without an exponent, not '${excerpt(value)}'`);
}

const withDigits: ReadonlySet<ValueKind> = new Set(["integer", "decimal", "float"]);

function attempt(read: () => Canonical): Typed {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (error instanceof Misfit) return { ok: false, message: error.message };
    throw error;
  }
}

function readText(text: string, type: ColumnType): Canonical {
  if (text.includes("\0")) throw new Misfit("cannot hold a NUL character");
  if (type.also !== undefined && patternOf(type.also).test(text)) return type.kind === "float" ? Number(text) : text;
  return readers[type.kind](text, type);
}

const patterns = new Map<string, RegExp>();

/** Of a handful of texts, which dialects have. */
function patternOf(source: string): RegExp {
  const pattern = patterns.get(source) ?? new RegExp(source);
  patterns.set(source, pattern);
  return pattern;
}

function readJson(value: unknown, type: ColumnType): Canonical {
  if (value instanceof Rounded) requireExact(value, type);
  if (type.kind === "json") return jsonText(value);
  if (isLosslessNumber(value)) return readScalar(value.toString(), "number", type);
  if (typeof value === "bigint") return readScalar(value.toString(), "number", type);
  if (typeof value === "number") {
    const text = type.kind === "float" && Object.is(value, -0) ? "-0" : String(value);
    return readScalar(text, "number", type);
  }
  if (typeof value === "boolean") {
    if (type.kind === "boolean" || type.kind === "any") return value;
    throw new Misfit(`is ${describe(type)}, not ${value}`);
  }
  if (Array.isArray(value) && type.kind === "array") {
    const element = type.element as ColumnType;
    // An array of arrays is one array of more dimensions, of the same type.
    const isInner = (item: unknown) => Array.isArray(item) && element.kind !== "json";
    return value.map((item) => (item === null ? null : readJson(item, isInner(item) ? type : element)));
  }
  if (typeof value === "string") return readScalar(value, "string", type);
  if (type.geometry !== undefined) return placed(geometryFromJson(value, type.geometry));
  if (type.fields !== undefined && isObject(value)) return composite(value, type.fields);
  throw new Misfit(`is ${describe(type)}, not ${Array.isArray(value) ? "an array" : "an object"}`);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The parts in their order; those that are left out are NULL. */
function composite(value: Readonly<Record<string, unknown>>, fields: readonly TypeField[]): Canonical {
  const names = fields.map(({ name }) => name);
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Misfit(
      `has no '${excerpt(unknown)}'.${didYouMean(unknown, names)} Its parts are ${names.join(", ")}`.replace(/\.$/, ""),
    );
  return fields.map(({ name, type }) => {
    const part = Object.hasOwn(value, name) ? value[name] : null;
    if (part === null && type.kind !== "json") return null;
    const typed = fromBody(part, type);
    if (!typed.ok) throw new Misfit(`has a ${name} that ${typed.message}`);
    return typed.value;
  });
}

/** What a column would keep as it stands is refused where it may not be what the client wrote. */
function requireExact({ number, isWhole }: Rounded, type: ColumnType): void {
  if (isWhole ? keepsWhole.has(type.kind) : keepsFraction(number, type)) throw new Misfit(roundedAdvice);
}

const keepsWhole: ReadonlySet<ValueKind> = new Set(["integer", "decimal", "any", "other"]);

/** A decimal of few digits rounds it anyway, to digits that are certain. */
function keepsFraction(number: number, { kind, scale }: ColumnType): boolean {
  if (kind !== "decimal" || scale === undefined) return kind === "decimal";
  const whole = Math.trunc(Math.abs(number));
  return (whole === 0 ? 0 : String(whole).length) + scale > EXACT_DIGITS;
}

/** Within JSON that are whole numbers as far as 64 bits go, which identify something; larger ones are measured. */
function requireIds(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (value instanceof Rounded) {
    if (value.isWhole && Math.abs(value.number) <= 2 ** 64) throw new Misfit(`holds ${value}, which ${roundedAdvice}`);
    return;
  }
  for (const item of Object.values(value)) requireIds(item);
}

function jsonText(value: unknown): string {
  try {
    requireIds(value);
    return stringify(value) as string;
  } catch (error) {
    if (error instanceof RangeError) throw new Misfit("is nested too deeply");
    throw error;
  }
}

const numeric: ReadonlySet<ValueKind> = new Set(["integer", "decimal", "float", "any", "other"]);

/** JSON tells numbers from text, so a number never slips into a text column, nor "yes" into a boolean. */
function readScalar(text: string, written: "number" | "string", type: ColumnType): Canonical {
  if (written === "number" && type.kind === "any") return /^-?\d+$/.test(text) ? integer(text) : Number(text);
  if (written === "number" && !numeric.has(type.kind) && !(type.kind === "boolean" && /^[01]$/.test(text))) {
    throw new Misfit(`is ${describe(type)}, not the number ${excerpt(text)}`);
  }
  if (written === "number" && type.geometry !== undefined)
    throw new Misfit(`is a geometry, not the number ${excerpt(text)}`);
  if (written === "number" && type.bits !== undefined)
    throw new Misfit(`is bits, as 0s and 1s in text, not the number ${excerpt(text)}`);
  if (written === "string" && type.kind === "boolean") throw new Misfit(`is true or false, not '${excerpt(text)}'`);
  if (type.significant !== undefined) requireKept(text, type.significant);
  return readText(text, type);
}

/** What would come back rounded is refused rather than written. */
function requireKept(text: string, significant: number): void {
  const [mantissa = ""] = text.split(/e/i);
  const digits = mantissa.replace(/\D/g, "").replace(/^0+|0+$/g, "");
  if (digits.length <= significant || /^[+-]?\d{1,18}$/.test(text)) return;
  throw new Misfit(`keeps ${significant} digits in this database, and ${excerpt(text)} has ${digits.length}`);
}

const UUID_TEXT = new RegExp(UUID);

const readers: Record<ValueKind, (text: string, type: ColumnType) => Canonical> = {
  integer: (text, type) => {
    const trimmed = /^[+-]?\d{1,40}$/.test(text) ? BigInt(text) : wholeDecimal(text);
    if (trimmed === undefined) throw new Misfit(`is ${describe(type)}, not '${excerpt(text)}'`);
    if ((type.min && trimmed < BigInt(type.min)) || (type.max && trimmed > BigInt(type.max))) {
      throw new Misfit(`takes whole numbers from ${type.min} to ${type.max}; ${excerpt(text)} is out of range`);
    }
    return integer(trimmed.toString());
  },
  decimal: (text, type) => {
    const match = /^[+-]?(?=\.?\d)0*(\d*)(?:\.(0*)(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
    if (match === null || text.length > 1100) throw new Misfit(`is a number, not '${excerpt(text)}'`);
    const [, whole = "", zeros = "", rest = "", exponent = "0"] = match;
    const digits = (whole.length || -zeros.length) + Number(exponent);
    const most = type.precision === undefined ? 1000 : type.precision - (type.scale ?? 0);
    const full = digits > most || (digits === most && roundsUp(text, type));
    if (full && (whole !== "" || rest !== ""))
      throw new Misfit(`has ${most} digits before the point; ${excerpt(text)} is out of range`);
    return text;
  },
  float: (text, type) => {
    const value = Number(text);
    if (text.trim() === "" || !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) || !Number.isFinite(value)) {
      throw new Misfit(`is ${describe(type)}, not '${excerpt(text)}'`);
    }
    return value;
  },
  boolean: (text) => {
    if (/^(true|t|1|yes|on)$/i.test(text)) return true;
    if (/^(false|f|0|no|off)$/i.test(text)) return false;
    throw new Misfit(`is true or false, not '${excerpt(text)}'`);
  },
  text: (text, type) => {
    if (type.length !== undefined && text.length > type.length && [...text].length > type.length) {
      throw new Misfit(`holds at most ${type.length} characters, and this has ${[...text].length}`);
    }
    return held(wellFormed(text), type);
  },
  uuid: (text) => {
    if (!UUID_TEXT.test(text))
      throw new Misfit(`is a UUID such as 123e4567-e89b-12d3-a456-426614174000, not '${excerpt(text)}'`);
    const hex = text.replace(/[{}-]/g, "").toLowerCase();
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  },
  date: (text) => parseDate(text) ?? misfit(`is a date such as 2024-02-29, not '${excerpt(text)}'`),
  time: (text) => parseTime(text) ?? misfit(`is a time such as 12:30:00, not '${excerpt(text)}'`),
  datetime: (text) =>
    parseDateTime(text)?.local ?? misfit(`is a date and time such as 2024-02-29T12:30:00, not '${excerpt(text)}'`),
  instant: (text) =>
    parseDateTime(text)?.utc ?? misfit(`is a date and time such as 2024-02-29T12:30:00Z, not '${excerpt(text)}'`),
  json: (text) => {
    try {
      JSON.parse(text);
      return text;
    } catch {
      return JSON.stringify(text);
    }
  },
  binary: (text, type) => {
    if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text) || text.replace(/=+$/, "").length % 4 === 1)
      throw new Misfit("is base64");
    const bytes = Buffer.from(text, "base64");
    if (type.length !== undefined && bytes.length > type.length) {
      throw new Misfit(`holds at most ${type.length} bytes, and this has ${bytes.length}`);
    }
    return bytes;
  },
  enum: (text, type) => {
    const values = type.values ?? [];
    if (!values.includes(text)) {
      const nearest = didYouMean(text, values).replace(/\.$/, "");
      throw new Misfit(`is one of ${values.join(", ")}, not '${excerpt(text)}'${nearest && `.${nearest}`}`);
    }
    return text;
  },
  array: (text, type) => {
    const listed = text.startsWith("[") ? jsonArray(text) : undefined;
    if (listed !== undefined) return readJson(listed, type);
    const element = type.element as ColumnType;
    const inner = /^\{.*\}$/s.test(text) ? text.slice(1, -1) : text;
    return inner === "" ? [] : inner.split(",").map((item) => readText(item, element));
  },
  any: wellFormed,
  other: (text, type) => {
    if (type.geometry !== undefined) return placed(geometryFromText(text, type.geometry));
    if (type.bits !== undefined) return bitString(text, type.bits);
    const parts = type.fields && text.startsWith("{") ? jsonOf(text) : undefined;
    return parts === undefined ? held(wellFormed(text), type) : readJson(parts, type);
  },
};

/** A database may take other text for zeros. */
function bitString(text: string, { least = 0, most = Number.POSITIVE_INFINITY }: BitString): string {
  if (/^[01]*$/.test(text) && text.length >= least && text.length <= most) return text;
  const many = Number.isFinite(most) ? `${least === most ? "" : "at most "}${most} bits` : "bits";
  throw new Misfit(`is ${many}, as 0s and 1s in text, not '${excerpt(text)}'`);
}

function placed(read: ReadGeometry): string {
  if ("misfit" in read) throw new Misfit(read.misfit);
  return read.text;
}

function held(text: string, type: ColumnType): string {
  const stranger = strangerIn(text, type);
  if (stranger !== undefined) throw new Misfit(`is kept in a character set that has no '${stranger}'`);
  return text;
}

/** An array as answers show it. */
function jsonArray(text: string): unknown[] | undefined {
  const value = jsonOf(text);
  return Array.isArray(value) ? value : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function misfit(message: string): never {
  throw new Misfit(message);
}

/** Half a surrogate pair has no UTF-8. */
function wellFormed(text: string): string {
  if (!text.isWellFormed()) throw new Misfit("holds text that is not valid Unicode");
  return text;
}

function describe(type: ColumnType): string {
  const names: Partial<Record<ValueKind, string>> = {
    integer: "a whole number",
    decimal: "a number",
    float: "a number",
    boolean: "true or false",
    array: "an array",
    binary: "base64 text",
    enum: `one of ${(type.values ?? []).join(", ")}`,
  };
  if (type.fields !== undefined) return `an object of ${type.fields.map(({ name }) => name).join(", ")}`;
  return names[type.kind] ?? (type.kind === "uuid" ? "a UUID in text" : "text");
}
