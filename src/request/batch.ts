// A batch's body → its entries, of which nothing is known yet but that they have the right form and refer only to earlier ones.

import { didYouMean, excerpt } from "../base/suggest.js";
import type { Method } from "../http/message.js";
import { parsePrefer } from "../http/preference.js";
import { type HttpError, problem } from "../http/problem.js";
import { copyOfBody } from "./body.js";
import { inBody, inPath } from "./reference.js";

type EntryMethod = Method | "QUERY";

export interface Entry {
  readonly method: EntryMethod;
  /** With its query, references still in it. */
  readonly path: string;
  readonly body?: unknown;
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

const members = ["method", "path", "body", "headers"];
const methods: readonly string[] = ["GET", "QUERY", "POST", "PUT", "PATCH", "DELETE"] satisfies EntryMethod[];
/** The headers that speak of one entry. All others are the batch's own: who asks is not for an entry to say. */
export const ownHeaders: readonly string[] = ["accept", "content-type", "if-match", "if-none-match", "prefer", "range"];

/** A list that is asked by POST is none: which path that is, only the routes tell. */
export const isReadingEntry = ({ method }: Entry): boolean => method === "GET" || method === "QUERY";

/** Throws 400 `invalid_body`, or `too_complex` for more than `most`. */
export function parseBatch(body: unknown, most: number): Entry[] {
  if (!Array.isArray(body)) throw problem("invalid_body", "A batch is an array of { method, path, body, headers }.");
  if (body.length > most) {
    throw problem("too_complex", `A batch has at most ${most} entries, not ${body.length}: send several.`);
  }
  const entries = body.map(entryOf);
  for (const [index, entry] of entries.entries()) refuseForward(entry, index);
  return entries;
}

const entryProblem = (index: number, detail: string): HttpError =>
  problem("invalid_body", `Entry ${index}: ${detail}`, { index });

function entryOf(value: unknown, index: number): Entry {
  const refuse = (detail: string) => entryProblem(index, detail);
  if (!isObject(value)) throw refuse('an entry is an object: { "method": "POST", "path": "/albums", "body": {} }.');
  for (const name of Object.keys(value)) {
    if (!members.includes(name)) throw refuse(`'${excerpt(name)}' is no part of an entry.${didYouMean(name, members)}`);
  }
  const { method, path, body, headers = {} } = value;
  if (typeof method !== "string" || !methods.includes(method))
    throw refuse(`its method is one of ${methods.join(", ")}.`);
  if (typeof path !== "string" || !path.startsWith("/"))
    throw refuse("its path begins with / and stands below the mount point: /albums/1.");
  return { method: method as EntryMethod, path, body, headers: headersOf(headers, refuse) };
}

function headersOf(value: unknown, refuse: (detail: string) => HttpError): Record<string, string> {
  if (!isObject(value)) throw refuse("its headers are an object of texts.");
  const headers = Object.entries(value).map(([written, text]) => {
    const name = written.toLowerCase();
    if (typeof text !== "string") throw refuse(`its header '${excerpt(written)}' is a text.`);
    if (!ownHeaders.includes(name)) {
      throw refuse(
        `the header '${excerpt(written)}' is the whole batch's to say; an entry's own are ${ownHeaders.join(", ")}.`,
      );
    }
    return [name, text] as const;
  });
  const found = Object.fromEntries(headers);
  if (parsePrefer(found.prefer ?? "").has("tx")) throw refuse("tx is preferred for the whole batch, or not at all.");
  return found;
}

function refuseForward({ path, body }: Entry, index: number): void {
  const check = (entry: number, _: readonly string[], text: string) => {
    if (entry < index) return undefined;
    throw entryProblem(
      index,
      `${excerpt(text)} refers to ${entry === index ? "itself" : `entry ${entry}, which does not come before it`}. A text that only looks so begins with $$.`,
    );
  };
  inPath(path, check, () => "");
  copyOfBody(body, (text) => inBody(text, check));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
