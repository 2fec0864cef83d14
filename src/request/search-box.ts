// `search=text`, as a search box sends it → a filter that any column of text may meet.
import { problem } from "../http/problem.js";
import type { Filter } from "./filter.js";

const LONGEST = 200;

/** Throws 400. */
export function parseSearchBox(text: string): Filter {
  if (text === "") throw problem("malformed_query", "search has no text: write search=text, or leave it out.");
  if (text.length > LONGEST) throw problem("too_complex", `search takes at most ${LONGEST} characters.`);
  return { type: "filter", name: "search", negated: false, operator: "icontains", values: [text], anywhere: true };
}
