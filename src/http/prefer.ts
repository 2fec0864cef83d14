// What the client prefers of a write's answer, and the word that it was done (`Preference-Applied`, RFC 7240, 3).
import { excerpt } from "../base/suggest.js";
import type { ApiResponse } from "./message.js";
import type { Preferences } from "./preference.js";
import { problem } from "./problem.js";

/** Everything happens and nothing is kept. */
export const isRehearsal = (prefer: Preferences): boolean => prefer.get("tx")?.toLowerCase() === "rollback";

/** PUT makes the row that is not there. */
export const isUpsert = (prefer: Preferences): boolean => prefer.get("resolution")?.toLowerCase() === "upsert";

/** The rows that a DELETE takes away are to be answered. */
export const wantsRows = (prefer: Preferences): boolean => prefer.get("return")?.toLowerCase() === "representation";

/** The most rows that a write on a list may affect. Throws 400 for what is no number: overlooked, it would allow too many. */
export function maxAffectedOf(prefer: Preferences): number | undefined {
  const text = prefer.get("max-affected");
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw problem("malformed_header", `Prefer: max-affected is a whole number from 0 up, not '${excerpt(text)}'.`);
}

/** `return=minimal` leaves out the row that was written (RFC 7240, 4.2). An answer without a body is what it is. */
export function withReturn(response: ApiResponse, prefer: Preferences): ApiResponse {
  const wanted = prefer.get("return")?.toLowerCase();
  if (response.body === undefined) return response;
  if (wanted === "representation") return withApplied(response, "return=representation");
  if (wanted !== "minimal") return response;
  const { "content-type": _, ...headers } = response.headers;
  return withApplied({ status: response.status === 200 ? 204 : response.status, headers }, "return=minimal");
}

/** Says that a preference was applied, behind those that are said already. */
export function withApplied(response: ApiResponse, preference: string): ApiResponse {
  const said = response.headers["preference-applied"];
  const applied = said === undefined ? preference : `${said}, ${preference}`;
  return { ...response, headers: { ...response.headers, "preference-applied": applied } };
}
