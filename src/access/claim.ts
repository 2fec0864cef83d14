// `$user.org.id` in a rule → what a caller's claims hold there.
import { isLosslessNumber } from "lossless-json";
import { ConfigError } from "../base/config-error.js";
import type { Claims } from "../http/caller.js";

/** Names, one inside the other. */
export type Claim = readonly string[];

const BEGINNING = "$user";

export const isClaim = (text: unknown): text is string =>
  typeof text === "string" && (text === BEGINNING || text.startsWith(`${BEGINNING}.`));

/** Throws `ConfigError` for what only looks like one. */
export function claimIn(text: string, place: string): Claim {
  const claim = claimOf(text);
  if (claim.length > 0 && claim.every((name) => name !== "")) return claim;
  throw new ConfigError(place, `'${text}' names no claim: write $user.sub, or $user.org.id for one inside another.`);
}

export const claimText = (claim: Claim): string => [BEGINNING, ...claim].join(".");

export const claimOf = (text: string): Claim => text.split(".").slice(1);

/** Nothing where it is missing; a claim's own names alone count, not what every object inherits. */
export function claimed(claim: Claim, claims: Claims): unknown {
  let value: unknown = claims;
  for (const name of claim) {
    if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, name))
      return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value === null ? undefined : value;
}

/** A claim as a query string says it: one text, or one for each element of an array. Nothing for what no value can be. */
export function claimTexts(claim: Claim, claims: Claims): string[] | undefined {
  const value = claimed(claim, claims);
  if (!Array.isArray(value)) {
    const text = textOf(value);
    return text === undefined ? undefined : [text];
  }
  const texts = value.map(textOf);
  return texts.some((text) => text === undefined) ? undefined : (texts as string[]);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value === "boolean" || typeof value === "bigint" || isLosslessNumber(value)) return String(value);
  return undefined;
}
