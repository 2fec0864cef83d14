// SQL that a config's routine says, with `:name` where an argument stands → its pieces. What stands in quotes or comments is left alone.

export interface WrittenSql {
  /** What stands around the arguments: one more than these. */
  readonly texts: readonly string[];
  /** The arguments between them, by name. */
  readonly arguments: readonly string[];
}

/** Quoted text and names, comments, PostgreSQL's dollar quotes; then an argument, which is no `::type` and no `:=`. */
const PIECE =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|--[^\n]*|\/\*[\s\S]*?\*\/|(\$\w*\$)[\s\S]*?\1|(?<![:\w]):([A-Za-z_]\w*)(?!\w|:)/g;

export function writtenSql(sql: string): WrittenSql {
  const texts: string[] = [];
  const names: string[] = [];
  let from = 0;
  for (const found of sql.matchAll(PIECE)) {
    const name = found[2];
    if (name === undefined) continue;
    texts.push(sql.slice(from, found.index));
    names.push(name);
    from = found.index + found[0].length;
  }
  return { texts: [...texts, sql.slice(from)], arguments: names };
}
