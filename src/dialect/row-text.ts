// A row's columns, as a server sends their bytes → its JSON text. What a server would make JSON of costs it several times as
// much as the columns alone (PostgreSQL, 100 rows of nine columns: 200 µs against 56), and a driver makes a string of each.

/**
 * How a column's text becomes JSON. `number`: its digits, or a string where they are none that JSON knows (NaN, Infinity);
 * `boolean`: `t` and `f`; `json`: JSON already.
 */
export type ValueForm = "number" | "string" | "boolean" | "json";

/** What a statement's first columns are to a row's JSON, in their order. Further columns are texts of their own. */
export interface RowForm {
  readonly heads: readonly Head[];
  readonly forms: readonly ValueForm[];
  /** Bytes that a row needs beside its values'. */
  readonly room: number;
  /** Whether the heads are more than ASCII. */
  readonly wide: boolean;
}

/** `{"id":`, `,"name":`, four bytes in each word; the last one's that are too many are written over by what follows. */
export interface Head {
  readonly words: Int32Array;
  readonly length: number;
}

export function rowForm(fields: readonly { readonly name: string; readonly form: ValueForm }[]): RowForm {
  const texts = fields.map(({ name }, i) => Buffer.from(`${i === 0 ? "{" : ","}${JSON.stringify(name)}:`));
  return {
    heads: texts.map(headOf),
    forms: fields.map(({ form }) => form),
    room: texts.reduce((sum, text) => sum + text.length + MOST_BESIDE, WORD),
    wide: texts.some((text) => text.some((byte) => byte >= 0x80)),
  };
}

function headOf(text: Buffer): Head {
  const filled = Buffer.concat([text], Math.ceil(text.length / WORD) * WORD);
  const words = Int32Array.from({ length: filled.length / WORD }, (_, i) => filled.readInt32LE(i * WORD));
  return { words, length: text.length };
}

const WORD = 4;
/** `false` for one byte; two quotes are less. */
const MOST_BESIDE = 4;
const LEAST_ROOM = 16_384;
/** A row that needs more is seldom followed by another one. */
const MOST_ROOM = 1_048_576;

// One row at a time is written here, from `startRow` to `endRow`: each step begins at the place where the one before it ended.
// No step but an escape asks for room, and loops hold what they need in variables of their own. Word by word is a third less
// than byte by byte.
let out = Buffer.allocUnsafeSlow(LEAST_ROOM);
let words = new DataView(out.buffer);
/** So many bytes the row may take. */
let reserved = 0;
/** The bytes or words that may be beyond ASCII, one over the other. */
let seen = 0;

/** `length` is how many bytes all its values have. */
export function startRow({ room, wide }: RowForm, length: number): number {
  if (out.length > MOST_ROOM) take(Buffer.allocUnsafeSlow(LEAST_ROOM));
  reserved = 0;
  reserve(0, room + length);
  seen = wide ? BEYOND : 0;
  return 0;
}

export const writeNull = (place: number, head: Head): number => copy(copyHead(place, head), NULL, 0, 4);

/** The text that stands in `bytes` between two places. */
export function writeValue(
  place: number,
  head: Head,
  form: ValueForm,
  bytes: Buffer,
  from: number,
  to: number,
): number {
  const start = copyHead(place, head);
  if (form === "string") return quote(start, bytes, from, to);
  if (form === "number") return copyNumber(start, bytes, from, to);
  if (form === "json") return to - from > LONG ? copyLong(start, bytes, from, to) : copy(start, bytes, from, to);
  if (form === "boolean" && to - from === 1) {
    if (bytes[from] === 0x74) return copy(start, TRUE, 0, 4);
    if (bytes[from] === 0x66) return copy(start, FALSE, 0, 5);
  }
  return quote(start, bytes, from, to);
}

export function endRow(place: number): string {
  out[place] = 0x7d;
  return out.toString((seen & BEYOND) === 0 ? "latin1" : "utf8", 0, place + 1);
}

const [NULL, TRUE, FALSE] = [Buffer.from("null"), Buffer.from("true"), Buffer.from("false")];
/** The highest bit of each byte of a word. */
const BEYOND = 0x80808080;
/** Nothing in three of a word's bytes that is to be escaped. */
const SPACES = 0x20202000;
const [ZERO, MINUS, PLUS, POINT, E, QUOTE] = [0x30, 0x2d, 0x2b, 0x2e, 0x65, 0x22];

/** `written` bytes are kept. */
function reserve(written: number, more: number): void {
  reserved += more;
  if (reserved <= out.length) return;
  const larger = Buffer.allocUnsafeSlow(2 * reserved);
  out.copy(larger, 0, 0, written);
  take(larger);
}

function take(buffer: typeof out): void {
  out = buffer;
  words = new DataView(out.buffer);
}

function copy(place: number, bytes: Buffer, from: number, to: number): number {
  const target = out;
  let end = place;
  let bits = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    bits |= byte;
    target[end++] = byte;
  }
  seen |= bits;
  return end;
}

/** Worth a call out of JavaScript. */
const LONG = 100;

function copyLong(place: number, bytes: Buffer, from: number, to: number): number {
  bytes.copy(out, place, from, to);
  seen = BEYOND;
  return place + to - from;
}

function copyHead(place: number, head: Head): number {
  const target = words;
  const source = head.words;
  for (let i = 0; i < source.length; i++) target.setInt32(place + i * WORD, source[i] as number, true);
  return place + head.length;
}

/** A string where it is none by the grammar of RFC 8259, 6: also where only a schema takes it for one. */
function copyNumber(place: number, bytes: Buffer, from: number, to: number): number {
  const target = out;
  let end = place;
  let at = from;
  if (bytes[at] === MINUS) target[end++] = bytes[at++] as number;
  const first = at;
  while (at < to && isDigit(bytes[at] as number)) target[end++] = bytes[at++] as number;
  if (at === first || (bytes[first] === ZERO && at > first + 1)) return quote(place, bytes, from, to);
  if (at === to) return end;
  return isFraction(bytes, at, to) ? copy(end, bytes, at, to) : quote(place, bytes, from, to);
}

/** What may stand behind a whole number: a fraction, an exponent, or both. */
function isFraction(bytes: Buffer, from: number, to: number): boolean {
  let at = from;
  if (bytes[at] === POINT) {
    at = pastDigits(bytes, from + 1, to);
    if (at === from + 1) return false;
  }
  if (at === to) return true;
  if (((bytes[at] as number) | 0x20) !== E) return false;
  const exponent = at + (bytes[at + 1] === MINUS || bytes[at + 1] === PLUS ? 2 : 1);
  at = pastDigits(bytes, exponent, to);
  return at > exponent && at === to;
}

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= 0x39;

function pastDigits(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to && isDigit(bytes[at] as number)) at++;
  return at;
}

function quote(place: number, bytes: Buffer, from: number, to: number): number {
  const target = words;
  let end = place;
  let bits = 0;
  let at = from;
  target.setInt8(end++, QUOTE);
  for (; at + WORD <= to; at += WORD) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    if (needsEscape(word)) return quoteEscaped(place, bytes, from, to);
    bits |= word;
    target.setInt32(end, word, true);
    end += WORD;
  }
  for (; at < to; at++) {
    const byte = bytes[at] as number;
    if (needsEscape(byte | SPACES)) return quoteEscaped(place, bytes, from, to);
    bits |= byte;
    target.setInt8(end++, byte);
  }
  seen |= bits;
  target.setInt8(end++, QUOTE);
  return end;
}

/**
 * Has one of four bytes to be escaped? Where a byte is less than another one, their difference borrows its highest bit, which
 * those below 128 have not themselves; equal to one is: less than 1 when their bits are taken apart.
 */
function needsEscape(word: number): boolean {
  const [quotes, backslashes] = [word ^ 0x22222222, word ^ 0x5c5c5c5c];
  const control = (word - 0x20202020) & ~word;
  const equal = ((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes);
  return ((control | equal) & BEYOND) !== 0;
}

function quoteEscaped(place: number, bytes: Buffer, from: number, to: number): number {
  let more = 0;
  for (let at = from; at < to; at++) more += (escapes[bytes[at] as number]?.length ?? 1) - 1;
  reserve(place, more);
  seen = BEYOND;
  let end = place;
  out[end++] = QUOTE;
  for (let at = from; at < to; at++) {
    const escaped = escapes[bytes[at] as number];
    if (escaped === undefined) out[end++] = bytes[at] as number;
    else end += out.write(escaped, end, "latin1");
  }
  out[end++] = QUOTE;
  return end;
}

/** By the byte: those that JSON has no bare. */
const escapes: readonly (string | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  const quoted = JSON.stringify(String.fromCharCode(byte)).slice(1, -1);
  return quoted.length > 1 ? quoted : undefined;
});
