// Nouns that English endings do not turn: `kunden` and `kunde`, `länder` and `land`, `ciudades` and `ciudad`, `journaux` and `journal`.

/** A pattern of an ending of many, and what stands in its place for one. German, French, Spanish, Italian and Portuguese. */
const endings: readonly (readonly [RegExp, string])[] = [
  [/s$/, ""],
  [/(?<=[lnrdsyj])es$/, ""],
  [/ces$/, "z"],
  [/(?<=[elr])n$/, ""],
  [/(?<=\p{L}{3})en$/u, ""],
  [/(?<=\p{L}{5})e$/u, ""],
  [/(?<=(?:ae|oe|ue|ä|ö|ü)\p{L}+)(?:e|er)$/u, ""],
  [/x$/, ""],
  [/aux$/, "al"],
  [/ais$/, "al"],
  [/eis$/, "el"],
  [/ns$/, "m"],
  [/oes$/, "ao"],
  [/ões$/, "ão"],
  [/i$/, "o"],
  [/i$/, "e"],
  [/(?<=\p{L}{4})e$/u, "a"],
];

const umlauts: Readonly<Record<string, string>> = { ae: "a", oe: "o", ue: "u", ä: "a", ö: "o", ü: "u" };

/** What one row may be called of a table that is called so; short words have no ending to spare. */
export function singularsOf(word: string): ReadonlySet<string> {
  const found = new Set([word]);
  for (const [ending, one] of endings) {
    const singular = word.replace(ending, one);
    if (singular === word || singular.length < 3) continue;
    found.add(singular);
    found.add(singular.replace(/ae|oe|ue|[äöü]/, (umlaut) => umlauts[umlaut] as string));
  }
  return found;
}

/** The same of several words: Romance languages turn the first (`lignes_commande`), the others the last. */
export function singularNames(words: readonly string[]): ReadonlySet<string> {
  const last = words.length - 1;
  const turned = (at: number) =>
    [...singularsOf(words[at] as string)].map((one) => words.map((word, i) => (i === at ? one : word)).join("_"));
  return new Set(last < 0 ? [] : last === 0 ? turned(0) : [...turned(last), ...turned(0)]);
}
