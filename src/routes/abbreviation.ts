// Is one word short for another? `emp` for employee, `dept` for department, `auftrags` for auftraege.

/** They begin alike: the whole short word, or three of its letters and two thirds at least. */
export function isAbbreviation(short: string, long: string): boolean {
  if (short.length < 2 || long.length < 2) return false;
  let shared = 0;
  while (shared < short.length && short[shared] === long[shared]) shared++;
  if (shared === short.length) return true;
  return (shared >= 3 && shared * 3 >= short.length * 2) || isSkeleton(short, long);
}

/** `dept`, `grp`, `msg`: its letters in order, the first first, and at least a third of them. */
export function isSkeleton(short: string, long: string): boolean {
  if (short[0] !== long[0] || short.length >= long.length || short.length * 3 < long.length) return false;
  let at = 0;
  for (const letter of long) if (letter === short[at]) at++;
  return at === short.length;
}

/** Short forms that mean one word wherever they stand. */
const longForms: ReadonlyMap<string, readonly string[]> = new Map([
  ["org", ["organization", "organisation"]],
  ["repo", ["repository"]],
  ["env", ["environment"]],
  ["lang", ["language"]],
  ["msg", ["message"]],
]);

/** The same words with a short form in full; nothing where there is none. */
export const inLongForm = (words: readonly string[]): readonly (readonly string[])[] =>
  words.flatMap((word, at) => (longForms.get(word) ?? []).map((long) => words.with(at, long)));
