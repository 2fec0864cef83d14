// A cursor: a place in a list's order, as opaque text for `after=` and `before=`. What its values are is not known here.

import { excerpt } from "../base/suggest.js";
import { problem } from "../http/problem.js";
import { parseText } from "./body.js";

export interface Cursor {
  /** The order that it belongs to: a short hash. */
  readonly of: string;
  /** The values that the order's sortings have there, by their number; left out for the list's beginning. */
  readonly at?: Readonly<Record<string, unknown>>;
  /** So many rows further on. */
  readonly skip: number;
  /** As it was written, without the rows to skip. */
  readonly text: string;
}

/** Where a page begins: behind a cursor, or, going backward, before it. */
export interface Start {
  readonly cursor: Cursor;
  readonly backward: boolean;
}

/** Longer ones are not made: a URL has to fit into a server's and a proxy's first few kilobytes, and a `Link` holds two. */
const LONGEST = 1_500;

/** `at` is JSON text. `undefined` for a place whose values are too long to stand in a URL. */
export function writeCursor(of: string, at?: string): string | undefined {
  // What no text of a client's may hold would be refused when it comes back.
  if (at !== undefined && (at.length > LONGEST || at.includes("\\u0000") || !at.isWellFormed())) return undefined;
  const cursor = Buffer.from(`{"of":"${of}"${at === undefined ? "" : `,"at":${at}`}}`).toString("base64url");
  return cursor.length > LONGEST ? undefined : cursor;
}

/** So many rows behind that cursor. */
export const skipping = (cursor: string, skip: number): string => (skip === 0 ? cursor : `${cursor}.${skip}`);

/** Throws 400 `malformed_query`. */
export function parseStart(name: "after" | "before", text: string, other: Start | undefined): Start {
  if (other !== undefined) {
    throw problem("malformed_query", "A page has one beginning: after or before, one of them, once.");
  }
  const cursor = readCursor(text);
  if (cursor === undefined) throw brokenCursor(text);
  return { cursor, backward: name === "before" };
}

export const brokenCursor = (cursor: string) =>
  problem(
    "malformed_query",
    `'${excerpt(cursor)}' is no cursor: take one as it stands in a list's Link header, whole and unchanged.`,
  );

const utf8 = new TextDecoder("utf-8", { fatal: true });

function readCursor(whole: string): Cursor | undefined {
  const [, text = "", skip = "0"] = /^([\w-]+)(?:\.(\d{1,15}))?$/.exec(whole) ?? [];
  if (text === "" || text.length > LONGEST) return undefined;
  try {
    const { of, at } = Object(parseText(utf8.decode(Buffer.from(text, "base64url"))));
    if (typeof of !== "string") return undefined;
    if (at === undefined) return { of, skip: Number(skip), text };
    return typeof at === "object" && at !== null ? { of, at, skip: Number(skip), text } : undefined;
  } catch {
    return undefined;
  }
}
