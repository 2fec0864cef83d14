// Rows' columns, as a server sends their bytes → their JSON texts. What a server would make JSON of costs it several times as much
// as the columns alone (PostgreSQL, 100 rows of nine columns: 200 µs against 56), and a driver makes a string of each.
import { BEYOND, escapes, isDigit, isFraction, needsEscape, SPACES } from "./json-bytes.js";
import { RECORD_SEPARATOR, type ValueForm } from "./row-form.js";

/** What a statement's first columns are to a row's JSON, in their order. Further columns are texts of their own. */
export interface RowForm {
  readonly heads: readonly Head[];
  readonly forms: readonly ValueForm[];
  /** How many columns the statement has in all. */
  readonly columns: number;
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

export function rowForm(fields: readonly { readonly name: string; readonly form: ValueForm }[], further = 0): RowForm {
  const texts = fields.map(({ name }, i) => Buffer.from(`${i === 0 ? "{" : ","}${JSON.stringify(name)}:`));
  return {
    heads: texts.map(headOf),
    forms: fields.map(({ form }) => form),
    columns: fields.length + further,
    room: texts.reduce((sum, text) => sum + text.length + MOST_BESIDE, 2 * WORD),
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
/** Bytes that are made a text as soon as a row ends behind them: all at the end would be one long piece of work. */
const FULL = 262_144;
/** Of those that are kept for the rows to come: so many, and none that is larger. */
const MOST_FREE = 8;
const MOST_ROOM = 1_048_576;

/** The same bytes twice: word by word is a third less work than byte by byte. */
interface Room {
  readonly bytes: Buffer;
  readonly words: DataView;
}

const free: Room[] = [];

function roomOf(length: number): Room {
  const bytes = Buffer.allocUnsafeSlow(length);
  return { bytes, words: new DataView(bytes.buffer) };
}

/**
 * The JSON texts of a statement's rows, one behind the other. Each row is begun with the bytes that its values have, which is all
 * that it asks room for, but for escapes; then come its columns, and its end. Loops hold what they need in variables of their own.
 */
export class RowTexts {
  #room: Room = free.pop() ?? roomOf(LEAST_ROOM);
  #length = 0;
  /** Of the rows that are no longer there as bytes. */
  #text = "";
  /** So many bytes all rows may take. */
  #reserved = 0;
  /** The bytes or words that may be beyond ASCII, one over the other. */
  #seen = 0;
  #rows = 0;
  /** What stands in each row behind its JSON: one column, if any. */
  readonly #further: string[] = [];

  constructor(readonly form: RowForm) {}

  /** `length` is how many bytes all its values have. */
  startRow(length: number): void {
    this.#reserved = this.#length;
    this.#reserve(this.form.room + length);
    if (this.#rows++ > 0) this.#room.bytes[this.#length++] = RECORD_BYTE;
  }

  endRow(): void {
    this.#room.bytes[this.#length++] = 0x7d;
    if (this.#length >= FULL) this.#toText();
  }

  writeNull(column: number): void {
    this.#head(column);
    this.#copy(NULL, 0, 4);
  }

  /** The text that stands in `bytes` between two places. */
  write(column: number, bytes: Buffer, from: number, to: number): void {
    this.#head(column);
    const form = this.form.forms[column];
    if (form === "string") this.#quote(bytes, from, to);
    else if (form === "number") this.#number(bytes, from, to);
    else if (form === "json") this.#json(bytes, from, to);
    else if (to - from === 1 && bytes[from] === 0x74) this.#copy(TRUE, 0, 4);
    else if (to - from === 1 && bytes[from] === 0x66) this.#copy(FALSE, 0, 5);
    else this.#quote(bytes, from, to);
  }

  addFurther(text: string): void {
    this.#further.push(text);
  }

  /** As `Statement.joined` has them: one row of all rows' texts, with `RECORD` between them. Nothing is written afterwards. */
  end(): string[][] {
    this.#toText();
    const text = this.#text;
    const { bytes } = this.#room;
    if (bytes.length <= MOST_ROOM && free.length < MOST_FREE) free.push(this.#room);
    if (this.#rows === 0) return [];
    return [this.#further.length === 0 ? [text] : [text, this.#further.join(RECORD_SEPARATOR)]];
  }

  #toText(): void {
    const isPlain = !this.form.wide && (this.#seen & BEYOND) === 0;
    this.#text += this.#room.bytes.toString(isPlain ? "latin1" : "utf8", 0, this.#length);
    this.#length = 0;
    this.#seen = 0;
  }

  #reserve(more: number): void {
    this.#reserved += more;
    const { bytes } = this.#room;
    if (this.#reserved <= bytes.length) return;
    this.#room = roomOf(2 * this.#reserved);
    bytes.copy(this.#room.bytes, 0, 0, this.#length);
  }

  #head(column: number): void {
    const { words, length } = this.form.heads[column] as Head;
    const target = this.#room.words;
    const place = this.#length;
    for (let i = 0; i < words.length; i++) target.setInt32(place + i * WORD, words[i] as number, true);
    this.#length = place + length;
  }

  #copy(bytes: Buffer, from: number, to: number): void {
    const target = this.#room.bytes;
    let end = this.#length;
    for (let at = from; at < to; at++) target[end++] = bytes[at] as number;
    this.#length = end;
  }

  #json(bytes: Buffer, from: number, to: number): void {
    bytes.copy(this.#room.bytes, this.#length, from, to);
    this.#length += to - from;
    this.#seen = BEYOND;
  }

  /** A string where it is none by the grammar of RFC 8259, 6: also where only a schema takes it for one. */
  #number(bytes: Buffer, from: number, to: number): void {
    const target = this.#room.bytes;
    let end = this.#length;
    let at = from;
    if (bytes[at] === MINUS) target[end++] = bytes[at++] as number;
    const first = at;
    while (at < to && isDigit(bytes[at] as number)) target[end++] = bytes[at++] as number;
    const isWhole = at > first && (bytes[first] !== ZERO || at === first + 1);
    if (isWhole && at === to) this.#length = end;
    else if (isWhole && isFraction(bytes, at, to)) this.#copy(bytes, from, to);
    else this.#quote(bytes, from, to);
  }

  #quote(bytes: Buffer, from: number, to: number): void {
    if (!this.#quoteClean(bytes, from, to)) this.#quoteEscaped(bytes, from, to);
  }

  /** Answers whether nothing was to be escaped; else nothing is written. */
  #quoteClean(bytes: Buffer, from: number, to: number): boolean {
    const target = this.#room.words;
    let end = this.#length;
    let bits = 0;
    let at = from;
    target.setInt8(end++, QUOTE);
    for (; at + WORD <= to; at += WORD) {
      const word =
        (bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24);
      if (needsEscape(word)) return false;
      bits |= word;
      target.setInt32(end, word, true);
      end += WORD;
    }
    for (; at < to; at++) {
      const byte = bytes[at] as number;
      if (needsEscape(byte | SPACES)) return false;
      bits |= byte;
      target.setInt8(end++, byte);
    }
    target.setInt8(end++, QUOTE);
    this.#seen |= bits;
    this.#length = end;
    return true;
  }

  #quoteEscaped(bytes: Buffer, from: number, to: number): void {
    let more = 0;
    for (let at = from; at < to; at++) more += (escapes[bytes[at] as number]?.length ?? 1) - 1;
    this.#reserve(more);
    const target = this.#room.bytes;
    let end = this.#length;
    target[end++] = QUOTE;
    for (let at = from; at < to; at++) {
      const escaped = escapes[bytes[at] as number];
      if (escaped === undefined) target[end++] = bytes[at] as number;
      else for (let i = 0; i < escaped.length; i++) target[end++] = escaped[i] as number;
    }
    target[end++] = QUOTE;
    this.#seen = BEYOND;
    this.#length = end;
  }
}

const RECORD_BYTE = RECORD_SEPARATOR.charCodeAt(0);
const [NULL, TRUE, FALSE] = [Buffer.from("null"), Buffer.from("true"), Buffer.from("false")];
const [ZERO, MINUS, QUOTE] = [0x30, 0x2d, 0x22];
