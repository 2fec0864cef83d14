// `Prefer` → preferences by their lower-case names (RFC 7240, 2). What nobody knows is overlooked, as the RFC wants.
import type { ApiRequest } from "./message.js";

/** A preference without a value has the empty one. */
export type Preferences = ReadonlyMap<string, string>;

const none: Preferences = new Map();

export function preferencesOf(request: ApiRequest): Preferences {
  const header = request.header("prefer");
  return header === undefined ? none : parsePrefer(header);
}

/** Between commas, but for those in quotes. */
const ITEM = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g;
/** Behind a `;` come parameters, of which none is known here. */
const PREFERENCE = /^\s*([^\s=;"]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*)))?/;

export function parsePrefer(header: string): Preferences {
  const found = new Map<string, string>();
  for (const [item] of header.matchAll(ITEM)) {
    const [, name = "", quoted, plain = ""] = PREFERENCE.exec(item) ?? [];
    const key = name.toLowerCase();
    // Of one that stands twice the first counts.
    if (key !== "" && !found.has(key)) found.set(key, quoted?.replace(/\\(.)/g, "$1") ?? plain);
  }
  return found;
}
