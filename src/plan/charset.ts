// A text and the character set of the column that it is for → whether it can stand there at all.
import { decode } from "../base/decode.js";
import type { ColumnType } from "../schema/schema.js";

/** Can such a column hold this text? What it cannot hold equals nothing in it. */
export const isHeld = (text: string, { charset }: Pick<ColumnType, "charset">): boolean =>
  charset === undefined || ASCII.test(text) || [...text].every(charactersOf(charset));

/** The first character that such a column cannot hold. */
export const strangerIn = (text: string, { charset }: Pick<ColumnType, "charset">): string | undefined =>
  charset === undefined || ASCII.test(text)
    ? undefined
    : [...text].find((character) => !charactersOf(charset)(character));

const ASCII = /^[\0-\x7f]*$/;

type Holds = (character: string) => boolean;

const pointOf = (character: string): number => character.codePointAt(0) as number;

const known = new Map<string, Holds>([
  ["ascii", (character) => pointOf(character) < 0x80],
  // TextDecoder takes this name for windows-1252 (https://encoding.spec.whatwg.org/#names-and-labels).
  ["iso-8859-1", (character) => pointOf(character) < 0x100],
  ["bmp", (character) => pointOf(character) < 0x10000],
]);

function charactersOf(charset: string): Holds {
  const found = known.get(charset);
  if (found !== undefined) return found;
  const all = new Set(charactersIn(charset));
  const holds: Holds = (character) => all.has(character);
  known.set(charset, holds);
  return holds;
}

/** What all its codes of one byte and of two are, and of three behind EUC-JP's prefix. */
function charactersIn(charset: string): string {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const high = bytes.slice(0x80);
  const single = decode(Uint8Array.from(bytes), charset);
  if (!MULTIBYTE.has(charset)) return single;
  const ends = bytes.slice(0x40);
  // A line's end after each brings the decoder back, whatever the bytes before it were.
  const pairs = high.flatMap((first) => ends.flatMap((last) => [first, last, 0x0a]));
  const longer = charset === "euc-jp" ? high.flatMap((one) => high.flatMap((two) => [0x8f, one, two, 0x0a])) : [];
  return single + decode(Uint8Array.from([...pairs, ...longer]), charset);
}

const MULTIBYTE: ReadonlySet<string> = new Set(["shift_jis", "euc-jp", "euc-kr", "gbk", "big5"]);
