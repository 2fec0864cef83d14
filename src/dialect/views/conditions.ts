// Conditions of a definition → the equalities of two columns among them that hold for each row.
import type { SpokenColumn, SpokenEquality } from "./spoken.js";
import { bare, isSign, isWord, splitAt, type Token, topLevel } from "./tokens.js";

/** Only what is joined by AND holds by itself; where there is more to it, nothing is told. */
export function equalitiesIn(condition: readonly Token[], tells?: readonly number[]): SpokenEquality[] {
  const tokens = bare(condition);
  const top = topLevel(tokens).map((i) => tokens[i] as Token);
  if (top.some((token) => isWord(token, "or", "xor", "between", "not", "case") || isSign(token, "||"))) return [];
  const parts = splitAt(tokens, (token) => isWord(token, "and"));
  if (parts.length > 1) return parts.flatMap((part) => equalitiesIn(part, tells));
  const [left = [], right = [], ...more] = splitAt(tokens, (token) => isSign(token, "="));
  const [one, other] = [columnIn(bare(left)), columnIn(bare(right))];
  if (one === undefined || other === undefined || more.length > 0) return [];
  return [{ one, other, ...(tells && { tells }) }];
}

/** `name`, `table.name`, `schema.table.name`: nothing else. */
export function columnIn(tokens: readonly Token[]): SpokenColumn | undefined {
  const isColumn =
    tokens.length % 2 === 1 &&
    tokens.every((token, i) => (i % 2 === 0 ? token.is === "word" || token.is === "name" : isSign(token, ".")));
  if (!isColumn) return undefined;
  const column = tokens.at(-1)?.text as string;
  const of = tokens.at(-3)?.text;
  return { column, ...(of !== undefined && { of }) };
}
