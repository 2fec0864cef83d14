// The text of one plain value → its canonical form. What does not fit is a `Misfit`, whose message says what would.
import { didYouMean, excerpt } from "../base/suggest.js";
import type { BitString, ColumnType, ValueKind } from "../schema/schema.js";
import { strangerIn } from "./charset.js";
import { doesNotFit, Misfit } from "./misfit.js";
import { parseDate, parseDateTime, parseTime } from "./moment.js";
import { integer, roundsUp, wholeDecimal } from "./number-text.js";
import { typeInWords } from "./type-in-words.js";
import { UUID } from "./value-patterns.js";

export type CanonicalScalar = string | number | bigint | boolean | Buffer;

const UUID_TEXT = new RegExp(UUID);

/** What most keys are: few enough digits for a double, and within the bounds. */
function shortWhole(text: string, { min, max }: ColumnType): number | undefined {
  if (!/^-?[1-9]\d{0,14}$/.test(text)) return undefined;
  const value = Number(text);
  return (min && value < Number(min)) || (max && value > Number(max)) ? undefined : value;
}

/** By the kind of a type: what its text is. Each throws a `Misfit`. */
export const scalarTexts: Record<
  Exclude<ValueKind, "array" | "other">,
  (text: string, type: ColumnType) => CanonicalScalar
> = {
  integer: (text, type) => {
    const short = shortWhole(text, type);
    if (short !== undefined) return short;
    const trimmed = /^[+-]?\d{1,40}$/.test(text) ? BigInt(text) : wholeDecimal(text);
    if (trimmed === undefined) throw new Misfit(`is ${typeInWords(type)}, not '${excerpt(text)}'`);
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
      throw new Misfit(`is ${typeInWords(type)}, not '${excerpt(text)}'`);
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
    return keptText(text, type);
  },
  uuid: (text) => {
    if (!UUID_TEXT.test(text))
      throw new Misfit(`is a UUID such as 123e4567-e89b-12d3-a456-426614174000, not '${excerpt(text)}'`);
    const hex = text.replace(/[{}-]/g, "").toLowerCase();
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  },
  date: (text) => parseDate(text) ?? doesNotFit(`is a date such as 2024-02-29, not '${excerpt(text)}'`),
  time: (text) => parseTime(text) ?? doesNotFit(`is a time such as 12:30:00, not '${excerpt(text)}'`),
  datetime: (text) =>
    parseDateTime(text)?.local ?? doesNotFit(`is a date and time such as 2024-02-29T12:30:00, not '${excerpt(text)}'`),
  instant: (text) =>
    parseDateTime(text)?.utc ?? doesNotFit(`is a date and time such as 2024-02-29T12:30:00Z, not '${excerpt(text)}'`),
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
    if (!values.includes(text) && !(type.holdsEmpty && text === "")) {
      const nearest = didYouMean(text, values).replace(/\.$/, "");
      throw new Misfit(`is one of ${values.join(", ")}, not '${excerpt(text)}'${nearest && `.${nearest}`}`);
    }
    return text;
  },
  any: wellFormed,
};

/** Bits as 0s and 1s: a database may take other text for zeros. */
export function bitsFrom(text: string, { least = 0, most = Number.POSITIVE_INFINITY }: BitString): string {
  if (/^[01]*$/.test(text) && text.length >= least && text.length <= most) return text;
  const many = Number.isFinite(most) ? `${least === most ? "" : "at most "}${most} bits` : "bits";
  throw new Misfit(`is ${many}, as 0s and 1s in text, not '${excerpt(text)}'`);
}

/** A text as it is kept: one of valid Unicode, of characters that the column's set has. */
export function keptText(text: string, type: ColumnType): string {
  const stranger = strangerIn(wellFormed(text), type);
  if (stranger !== undefined) throw new Misfit(`is kept in a character set that has no '${stranger}'`);
  return text;
}

/** Half a surrogate pair has no UTF-8. */
function wellFormed(text: string): string {
  if (!text.isWellFormed()) throw new Misfit("holds text that is not valid Unicode");
  return text;
}
