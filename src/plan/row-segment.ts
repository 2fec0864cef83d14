// A row's key ⇄ its segment of a path: the values in key order, percent-encoded and joined by commas.
import { stringify } from "lossless-json";
import { excerpt } from "../base/suggest.js";
import { problem } from "../http/problem.js";
import { bodyText as saidAsText } from "../request/body.js";
import type { ColumnType } from "../schema/schema.js";

/**
 * An empty segment is none, and a browser takes `.` and `..` out of a path however they are encoded
 * (https://url.spec.whatwg.org/#double-dot-path-segment). So such a text has a `~` before it, as has what looks like one that does.
 */
const ODD = /^~*\.{0,2}$/;
const MARKED = /^~+\.{0,2}$/;

/**
 * `values` as a row's JSON shows them, or a body says them. Nothing for a row whose key has a NULL in it; where a key of JSON cannot,
 * null is JSON's own.
 */
export function toSegment(values: readonly unknown[], types: readonly ColumnType[]): string | undefined {
  const isMissing = (value: unknown, { kind, loose }: ColumnType) =>
    value === null && (kind !== "json" || loose === true);
  if (values.some((value, i) => value === undefined || isMissing(value, types[i] as ColumnType))) return undefined;
  const texts = values.map((value, i) => textOf(value, types[i] as ColumnType));
  const [only = ""] = texts;
  return texts.length === 1 ? encodeURIComponent(marked(only)) : texts.map(encodeURIComponent).join(",");
}

/** A text that is a whole segment. */
export const marked = (text: string): string => (ODD.test(text) ? `~${text}` : text);

/** As many texts as the key has columns, or another number of them where the segment has that many. */
export function fromSegment(segment: string, columns: number): string[] {
  if (columns !== 1) return segment.split(",").map(decoded);
  const text = decoded(segment);
  return [MARKED.test(text) ? text.slice(1) : text];
}

function textOf(value: unknown, { kind }: ColumnType): string {
  if (kind === "json") return stringify(value) as string;
  return kind === "any" && typeof value === "string" ? textAmongAny(value) : saidAsText(value);
}

/** A text of a column that holds any value as it came: in quotes where it looks like a number, or like one in quotes. */
export const textAmongAny = (text: string): string =>
  NUMBER.test(text) || text.startsWith('"') ? JSON.stringify(text) : text;

/** Where a column holds any value as it came: what is a number unless it stands in quotes. */
export const NUMBER = /^-?\d+(\.\d+)?(?:[eE][+-]?\d+)?$/;

/** What such a column's text in quotes is. */
export function unquoted(text: string): string | undefined {
  if (!text.startsWith('"')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function decoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw problem("malformed_path", `'${excerpt(text)}' is not percent-encoded UTF-8: write % as %25.`);
  }
}
