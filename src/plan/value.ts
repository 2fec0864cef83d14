// A value as a client wrote it → the canonical value of its column's type, or a sentence that says what fits.
// The canonical forms are listed at `Dialect.encode`.
import { isLosslessNumber, parse, stringify } from "lossless-json";
import { didYouMean, excerpt } from "../base/suggest.js";
import { Rounded, roundedAdvice } from "../request/rounded.js";
import type { ColumnType, TypeField, ValueKind } from "../schema/schema.js";
import { digitsPast, keepsRounded, roundedId } from "./exact.js";
import { geometryFromJson, geometryFromText, type ReadGeometry } from "./geometry.js";
import { Misfit } from "./misfit.js";
import { integer } from "./number-text.js";
import { bitsFrom, type CanonicalScalar, keptText, scalarTexts } from "./scalar-text.js";
import { typeInWords } from "./type-in-words.js";

export type Canonical = CanonicalScalar | null | readonly Canonical[];

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
    if (type.holdsEmpty && value === "") return scalarTexts.enum(value, { ...type, holdsEmpty: undefined });
    if (type.heldOnly && type.also !== undefined && typeof value === "string" && patternOf(type.also).test(value))
      throw new Misfit(`is ${typeInWords(type)}, not '${excerpt(value)}'`);
    return readJson(value, type);
  });

function requireForm(value: unknown, type: ColumnType): void {
  if (Array.isArray(value) && type.element !== undefined) {
    for (const item of value) requireForm(item, Array.isArray(item) ? type : type.element);
  }
  if (typeof value !== "string") return;
  if (type.kind === "array") throw new Misfit(`is an array, not '${excerpt(value)}'`);
  if (withDigits.has(type.kind) && /[\d.]e/i.test(value))
    throw new Misfit(`is ${typeInWords(type)}: in text without an exponent, not '${excerpt(value)}'`);
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
  if (type.kind === "array") return readArray(text, type);
  return type.kind === "other" ? readOther(text, type) : scalarTexts[type.kind](text, type);
}

function readArray(text: string, type: ColumnType): Canonical {
  const listed = text.startsWith("[") ? jsonArray(text) : undefined;
  if (listed !== undefined) return readJson(listed, type);
  const element = type.element as ColumnType;
  const inner = /^\{.*\}$/s.test(text) ? text.slice(1, -1) : text;
  return inner === "" ? [] : inner.split(",").map((item) => readText(item, element));
}

function readOther(text: string, type: ColumnType): Canonical {
  if (type.geometry !== undefined) return placed(geometryFromText(text, type.geometry));
  if (type.bits !== undefined) return bitsFrom(text, type.bits);
  const parts = type.fields && text.startsWith("{") ? jsonOf(text) : undefined;
  return parts === undefined ? keptText(text, type) : readJson(parts, type);
}

const patterns = new Map<string, RegExp>();

/** Of a handful of texts, which dialects have. */
function patternOf(source: string): RegExp {
  const pattern = patterns.get(source) ?? new RegExp(source);
  patterns.set(source, pattern);
  return pattern;
}

function readJson(value: unknown, type: ColumnType): Canonical {
  if (value instanceof Rounded && keepsRounded(value, type)) throw new Misfit(roundedAdvice);
  if (type.kind === "json") return jsonText(value);
  if (isLosslessNumber(value)) return readScalar(value.toString(), "number", type);
  if (typeof value === "bigint") return readScalar(value.toString(), "number", type);
  if (typeof value === "number") {
    const text = type.kind === "float" && Object.is(value, -0) ? "-0" : String(value);
    return readScalar(text, "number", type);
  }
  if (typeof value === "boolean") {
    if (type.kind === "boolean" || type.kind === "any") return value;
    throw new Misfit(`is ${typeInWords(type)}, not ${value}`);
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
  throw new Misfit(`is ${typeInWords(type)}, not ${Array.isArray(value) ? "an array" : "an object"}`);
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
    if (part === null) return null;
    const typed = fromBody(part, type);
    if (!typed.ok) throw new Misfit(`has a ${name} that ${typed.message}`);
    return typed.value;
  });
}

function jsonText(value: unknown): string {
  try {
    const id = roundedId(value);
    if (id !== undefined) throw new Misfit(`holds ${id}, which ${roundedAdvice}`);
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
    throw new Misfit(`is ${typeInWords(type)}, not the number ${excerpt(text)}`);
  }
  if (written === "number" && type.geometry !== undefined)
    throw new Misfit(`is a geometry, not the number ${excerpt(text)}`);
  if (written === "number" && type.bits !== undefined)
    throw new Misfit(`is bits, as 0s and 1s in text, not the number ${excerpt(text)}`);
  if (written === "string" && type.kind === "boolean") throw new Misfit(`is true or false, not '${excerpt(text)}'`);
  const digits = type.significant === undefined ? undefined : digitsPast(type.significant, text);
  if (digits !== undefined)
    throw new Misfit(`keeps ${type.significant} digits in this database, and ${excerpt(text)} has ${digits}`);
  return readText(text, type);
}

function placed(read: ReadGeometry): string {
  if ("misfit" in read) throw new Misfit(read.misfit);
  return read.text;
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
