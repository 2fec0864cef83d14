// `Range: items=0-24` → a slice of a list (RFC 9110, 14.2, with a range unit of its own).

import { excerpt } from "../base/suggest.js";
import { problem } from "./problem.js";

export interface Slice {
  readonly offset: number;
  /** Left out by `items=100-`: as many as the default. */
  readonly limit?: number;
}

/** Ranges of other units are not ours and are overlooked, as the RFC wants. Throws 400 for items that are no range. */
export function parseRange(header: string | undefined): Slice | undefined {
  if (header === undefined || !/^\s*items\s*=/i.test(header)) return undefined;
  const match = /^\s*items\s*=\s*(\d{1,15})\s*-\s*(\d{1,15})?\s*$/i.exec(header);
  const [from, to] = [Number(match?.[1]), match?.[2] === undefined ? undefined : Number(match[2])];
  if (match === null || (to !== undefined && to < from)) {
    throw problem("malformed_query", `Range: ${excerpt(header)} is no range of items: write items=0-24.`);
  }
  return to === undefined ? { offset: from } : { offset: from, limit: to - from + 1 };
}
