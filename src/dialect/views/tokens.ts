// A definition's text → its words, quoted names and signs. Texts, numbers and comments are of no interest: they end up as `value`.

export interface Token {
  readonly is: "word" | "name" | "sign" | "value";
  /** As it is spelt; a name without its quotes. */
  readonly text: string;
  /** Where it begins in the definition, and where it ends. */
  readonly at: number;
  readonly end: number;
}

const forms: readonly (readonly [Token["is"] | undefined, RegExp])[] = [
  [undefined, /\s+|--[^\n]*|\/\*[\s\S]*?\*\//y],
  ["name", /"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]/y],
  ["value", /[nNxXbBeE]?'(?:[^']|'')*'|\d[\w.]*/y],
  ["word", /[\p{L}_@#$][\p{L}\p{N}_@#$]*/uy],
  ["sign", /<=>|<>|!=|<=|>=|\|\||::|[\s\S]/y],
];

/** `escapes`: a backslash in a text hides what stands behind it (MySQL). */
export function tokensOf(sql: string, escapes: boolean): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length; ) {
    const [is, text] = tokenAt(sql, at, escapes);
    const end = at + text.length;
    if (is !== undefined) tokens.push({ is, text: is === "name" ? unquoted(text) : text, at, end });
    at = end;
  }
  return tokens;
}

function tokenAt(sql: string, at: number, escapes: boolean): readonly [Token["is"] | undefined, string] {
  if (escapes && sql[at] === "'") {
    const [text = "'"] = /'(?:[^'\\]|\\[\s\S]|'')*'/y.exec(sql.slice(at)) ?? [];
    return ["value", text];
  }
  for (const [is, form] of forms) {
    form.lastIndex = at;
    const [text] = form.exec(sql) ?? [];
    if (text) return [is, text];
  }
  return ["sign", sql.slice(at, at + 1)];
}

function unquoted(text: string): string {
  const [open = ""] = text;
  return open === "[" ? text.slice(1, -1) : text.slice(1, -1).replaceAll(open + open, open);
}

export const isWord = (token: Token | undefined, ...words: readonly string[]): boolean =>
  token?.is === "word" && words.includes(token.text.toLowerCase());

export const isSign = (token: Token | undefined, sign: string): boolean => token?.is === "sign" && token.text === sign;

/** The places of tokens that stand in no parentheses. */
export function topLevel(tokens: readonly Token[]): number[] {
  const places: number[] = [];
  let depth = 0;
  tokens.forEach((token, i) => {
    if (isSign(token, ")")) depth--;
    if (depth === 0) places.push(i);
    if (isSign(token, "(")) depth++;
  });
  return places;
}

export function splitAt(tokens: readonly Token[], isBreak: (token: Token) => boolean): Token[][] {
  const breaks = topLevel(tokens).filter((i) => isBreak(tokens[i] as Token));
  const ends = [...breaks, tokens.length];
  return ends.map((end, i) => tokens.slice(i === 0 ? 0 : (ends[i - 1] as number) + 1, end));
}

/** Without the parentheses that enclose all of it. */
export function bare(tokens: readonly Token[]): readonly Token[] {
  const encloses = isSign(tokens[0], "(") && topLevel(tokens).length === 2 && isSign(tokens.at(-1), ")");
  return encloses ? bare(tokens.slice(1, -1)) : tokens;
}
