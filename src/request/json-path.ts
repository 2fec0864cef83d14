// A name with `->` in it → the name before the first one, and the steps that lead on from there into JSON.

import { excerpt } from "../base/suggest.js";
import { problem } from "../http/problem.js";

/** A key of an object, or an array's index from 0. */
export type PathStep = string | number;

const MAX_STEPS = 10;
/** The most characters of all steps together. */
const MAX_LENGTH = 500;

/** What stands before the arrows; all of a name without one. */
export function beforeArrows(name: string): string {
  const arrow = name.indexOf("->");
  return arrow === -1 ? name : name.slice(0, arrow);
}

/**
 * `->geo->0->"a->b"` → `geo`, 0, `a->b`: a whole number is an index, and in double quotes everything is a key (`\` keeps the
 * next character as it is). `->>` says the same as `->`.
 */
export function pathSteps(name: string): PathStep[] {
  const text = name.slice(beforeArrows(name).length);
  if (text.length > MAX_LENGTH)
    throw problem("too_complex", `A path into JSON has at most ${MAX_LENGTH} characters, and this has ${text.length}.`);
  if (text.includes("\0") || !text.isWellFormed())
    throw problem("malformed_query", "A path into JSON holds neither NUL nor half a character.");
  const steps: PathStep[] = [];
  const step = /->>?(?:"((?:\\.|[^"\\])*)"|((?:(?!->)[^"])+))(?=->|$)/gsy;
  for (let end = 0; end < text.length; end = step.lastIndex) {
    const found = step.exec(text);
    if (found === null)
      throw problem(
        "malformed_query",
        `'${excerpt(name)}' is no path into JSON: behind each -> stands a key, an index, or a key in double quotes (address->city, tags->0, sums->"2024").`,
      );
    const [, quoted, plain = ""] = found;
    if (quoted !== undefined) steps.push(quoted.replace(/\\(.)/gs, "$1"));
    else steps.push(/^\d{1,9}$/.test(plain) ? Number(plain) : plain);
  }
  if (steps.length > MAX_STEPS)
    throw problem("too_complex", `A path into JSON has at most ${MAX_STEPS} steps, and this has ${steps.length}.`);
  return steps;
}
