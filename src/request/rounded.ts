// What a JSON parser of the host made of a body → the same, with those numbers marked that may have been others in the text.
// It has kept 53 bits of each. Integers beyond them and fractions of 16 digits or more can be read out of many texts.
import { isLosslessNumber, isSafeNumber, LosslessNumber } from "lossless-json";
import { problem } from "../http/problem.js";

/** A double that may stand for another number. Who does not ask takes it for the number that it is. */
export class Rounded extends LosslessNumber {
  constructor(readonly number: number) {
    super(String(number));
  }

  override valueOf(): number {
    return this.number;
  }

  get isWhole(): boolean {
    return Number.isInteger(this.number);
  }
}

/** What to try, for whoever wrote the app and for its clients. */
export const roundedAdvice =
  "may have lost digits in a JSON parser that ran before the API: send it as a text, or mount the API before that parser";

/** Every number of up to 15 digits comes through a double as it was (IEEE 754, binary64). */
export const EXACT_DIGITS = 15;

/** The same value where nothing is to be marked. Throws 400 `malformed_json` for what is nested deeper than the stack. */
export function markRounded(value: unknown): unknown {
  try {
    return marked(value);
  } catch (error) {
    if (error instanceof RangeError) throw problem("malformed_json", "The body is nested too deeply.");
    throw error;
  }
}

function marked(value: unknown): unknown {
  if (typeof value === "number") return mayBeAnother(value) ? new Rounded(value) : value;
  if (Array.isArray(value)) {
    const items = value.map(marked);
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, marked(item)] as const);
  return entries.some(([name, item]) => item !== value[name]) ? Object.fromEntries(entries) : value;
}

/** Back to numbers, for columns that keep doubles. */
export function unmarked(value: unknown): unknown {
  if (value instanceof Rounded) return value.number;
  if (Array.isArray(value)) return value.map(unmarked);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, unmarked(item)]));
}

/** Numbers that a double keeps as doubles, whatever form they were written in. Those that a parser has rounded stay marked. */
export function plainNumbers(value: unknown): unknown {
  if (value instanceof Rounded) return value;
  if (isLosslessNumber(value)) return isSafeNumber(value.toString()) ? Number(value.toString()) : value;
  if (Array.isArray(value)) return value.map(plainNumbers);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plainNumbers(item)]));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function mayBeAnother(value: number): boolean {
  if (Number.isSafeInteger(value) || !Number.isFinite(value)) return false;
  return Number.isInteger(value) || digitsOf(value) > EXACT_DIGITS;
}

/** The digits of the shortest text that is this number. */
function digitsOf(value: number): number {
  const [mantissa = ""] = String(value).split("e");
  return mantissa.replace(/^-?(0\.0*)?|\./g, "").length;
}
