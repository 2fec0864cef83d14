// A value that begins with a word which is nearly an operator: a slip of the hand, or the spelling of another tool. To compare with
// it as a text would be an empty list that nobody understands.

import { excerpt, nearest } from "../base/suggest.js";
import { type HttpError, problem } from "../http/problem.js";
import { operators, spellings, takesMany } from "./operators.js";
import { operatorCalled } from "./other-tools.js";

/** `eq.1`, `in.(1,2)`, `cs.{a}`, `is.null`: what a text hardly begins with stands behind the point. */
const DOTTED =
  /^(not\.)?(?:(n?eq|[lg]te?|i?like|isdistinct|fts)\.|(in)\.(?=\()|(cs|cd|ov)\.(?=[{[(])|(is)\.(?=(?:not_?)?null$|true$|false$))/;

/** Words that stand before a `:` in texts, and are one letter away from an operator. */
const ordinary: ReadonlySet<string> = new Set(
  (
    "bin din fin gin kin min pin sin tin win inn nil nan non nine late gate date rate ate lie its fits fats " +
    "bike hike lake life lime line link live mike pike alike liked likes march batch catch hatch latch patch watch matches"
  ).split(" "),
);

/** The 400 that says how it is spelled here; nothing where the text is no misspelt operator. */
export function misspelt(name: string, text: string): HttpError | undefined {
  const [not = "", rest = text] = text.startsWith("not.") ? ["not.", text.slice(4)] : [];
  // Behind a word of a sentence stands a space.
  const [, word = ""] = /^([$A-Za-z_]{2,20}):(?!\s)/.exec(rest) ?? [];
  const meant = word === "" ? undefined : nearOperator(word);
  if (meant !== undefined) return unknown(name, text, word, meant, `${not}${meant}:${rest.slice(word.length + 1)}`);
  const joined = misjoined(rest);
  if (joined !== undefined) {
    const [before, after] = joined;
    const here = `${after.startsWith("not.") ? "" : not}${after}${rest.slice(before.length)}`;
    return unknown(name, text, before, after, here);
  }
  const dotted = DOTTED.exec(text);
  if (dotted === null) return undefined;
  const [whole, negation = "", ...words] = dotted;
  const operator = operatorCalled(words.find((found) => found !== undefined) ?? "") ?? "";
  const value = text.slice(whole.length).replace(/^\((.*)\)$/s, "$1");
  return unknown(name, text, whole, operator, `${negation}${operator}:${value}`);
}

/** `in.any`, `like.al`, `nto.in`: words joined by points before the `:`, and how they are joined here. */
function misjoined(text: string): readonly [string, string] | undefined {
  const [, before = "", first = "", second = "", third = ""] =
    /^(([$A-Za-z_]{2,20})\.([A-Za-z]{2,20})(\.(?:any|all))?):(?!\s)/.exec(text) ?? [];
  const negated = spellings.get(second);
  if (negated !== undefined && nearest(first, ["not"]) !== undefined) return [before, `not.${negated}${third}`];
  const operator = spellings.get(first) ?? spellings.get(nearOperator(first) ?? "");
  const quantifier = second === "some" ? "any" : nearest(second, ["any", "all"]);
  if (operator === undefined || quantifier === undefined) return undefined;
  return [before, takesMany(operator) ? `${operator}.${quantifier}` : operator];
}

/** Words of two letters begin too many texts (`re:`) to be near anything. */
function nearOperator(word: string): string | undefined {
  const called = operatorCalled(word);
  if (called !== undefined) return called;
  if (word.length < 3 || ordinary.has(word.toLowerCase())) return undefined;
  const doubled = word.toLowerCase().replace(/(.)\1+/g, "$1");
  if (spellings.has(doubled)) return doubled;
  return nearest(
    word,
    operators.filter((operator) => operator.length > 2),
  );
}

const unknown = (name: string, text: string, word: string, operator: string, here: string): HttpError =>
  problem(
    "unknown_operator",
    `'${excerpt(word)}' is no operator. Perhaps you meant '${operator}', as in ${excerpt(`${name}=${here}`)}. The text itself is written ${excerpt(`${name}=eq:${text}`)}. The operators are ${operators.join(", ")}.`,
  );
