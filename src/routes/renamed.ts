// Old names of resources, which work as the new ones do until they are taken away.
import { ConfigError, checkKeys } from "../base/config-error.js";
import { didYouMean } from "../base/suggest.js";

/** What became of a name at the top of the paths. Dates are of ISO 8601: `2026-11-30`, or a moment with a zone. */
export interface RenamedResource {
  /** The name now: `members` for `/members`. */
  readonly to: string;
  /** Since when the old name is not to be used. */
  readonly since: string;
  /** When the old name will be gone, at the earliest. */
  readonly sunset?: string;
}

export type RenamedResources = Readonly<Record<string, RenamedResource>>;

/** Throws `ConfigError` for an old name that is in use, for a new one that leads nowhere, and for dates that are none. */
export function checkRenamed(renamed: RenamedResources | undefined, taken: ReadonlySet<string>): void {
  if (renamed === undefined) return;
  if (typeof renamed !== "object" || renamed === null || Array.isArray(renamed))
    throw new ConfigError("options.renamed", "is an object of old names, each with { to, since, sunset? }.");
  for (const [old, entry] of Object.entries(renamed)) {
    const place = `options.renamed.${old}`;
    if (typeof entry !== "object" || entry === null)
      throw new ConfigError(place, 'is an object: { to: "members", since: "2026-11-30" }.');
    checkKeys(entry, ["to", "since", "sunset"], place);
    if (taken.has(old)) throw new ConfigError(place, `/${old} is in use: an old name is one that nothing has now.`);
    if (!taken.has(entry.to))
      throw new ConfigError(`${place}.to`, `there is no /${entry.to}.${didYouMean(String(entry.to), [...taken])}`);
    const since = dateOf(entry.since, `${place}.since`);
    if (entry.sunset !== undefined && dateOf(entry.sunset, `${place}.sunset`) < since)
      throw new ConfigError(`${place}.sunset`, "is not before since (RFC 9745, 4).");
  }
}

function dateOf(text: unknown, place: string): number {
  const isDate = typeof text === "string" && /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text);
  const moment = isDate ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(moment)) throw new ConfigError(place, "is a date, as 2026-11-30 or 2026-11-30T12:00:00Z.");
  return moment;
}

/** What became of the first name of a path, and the path with the new one. */
export function renamedAt(
  path: string,
  renamed: RenamedResources | undefined,
): (RenamedResource & { readonly path: string }) | undefined {
  if (renamed === undefined) return undefined;
  const [, first = "", ...rest] = path.split("/");
  const entry = Object.hasOwn(renamed, first) ? renamed[first] : undefined;
  return entry && { ...entry, path: ["", encodeURIComponent(entry.to), ...rest].join("/") };
}
