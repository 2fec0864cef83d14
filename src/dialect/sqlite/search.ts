// FTS5 (https://sqlite.org/fts5.html): a virtual table that is an index, of another table's columns (content=) or of its own.
import type { FullTextIndex } from "../../schema/schema.js";
import { literal, quote } from "../standard.js";
import type { FullTextSearch } from "../statement-parts.js";

export const search: FullTextSearch = {
  unindexed: () => false,
  found({ name, qualifier, index: { table = "", rowid = "rowid" } }, placeholder) {
    const query = `${literal(`${quote(name)} : `)} || ${placeholder}`;
    return `${qualifier}${quote(rowid)} IN (SELECT rowid FROM ${quote(table)} WHERE ${quote(table)} MATCH ${query})`;
  },
  query(query) {
    const each = query.map((terms) => {
      const wanted = terms.filter(({ excluded }) => !excluded).map(phrase);
      return `(${[wanted.join(" AND "), ...terms.filter(({ excluded }) => excluded).map(phrase)].join(" NOT ")})`;
    });
    return `(${each.join(" OR ")})`;
  },
};

const phrase = ({ words }: { readonly words: readonly string[] }): string => `"${words.join(" ")}"`;

/** A column that an FTS5 table indexes. */
export interface SearchedBy {
  readonly table: string;
  readonly column: string;
  readonly index: FullTextIndex;
}

/** What a CREATE VIRTUAL TABLE says. */
export function searchedBy(name: string, sql: string): SearchedBy[] {
  const [, list] = /\bUSING\s+fts5\s*\((.*)\)/is.exec(sql) ?? [];
  const columns: string[] = [];
  const options = new Map<string, string>();
  for (const argument of argumentsIn(list ?? "")) {
    const [, option, value = ""] = /^(\w+)\s*=\s*(.*)$/s.exec(argument) ?? [];
    if (option !== undefined) options.set(option.toLowerCase(), unquoted(value));
    else {
      const [, column = "", words = ""] =
        /^('(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|\S+)(.*)$/s.exec(argument) ?? [];
      if (!/\bunindexed\b/i.test(words)) columns.push(unquoted(column));
    }
  }
  const table = options.get("content") || name;
  const rowid = options.get("content_rowid") ?? "rowid";
  return columns.map((column) => ({ table, column, index: { table: name, rowid: table === name ? "rowid" : rowid } }));
}

/** `a, "b,c" UNINDEXED, content='t'`, at its commas. */
const argumentsIn = (list: string): string[] =>
  (list.match(/(?:'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[^,'"`[])+/g) ?? []).map((text) =>
    text.trim(),
  );

function unquoted(text: string): string {
  const [, single, double, backtick, bracket] = /^(?:'(.*)'|"(.*)"|`(.*)`|\[(.*)\])$/s.exec(text) ?? [];
  return (
    single?.replaceAll("''", "'") ?? double?.replaceAll('""', '"') ?? backtick?.replaceAll("``", "`") ?? bracket ?? text
  );
}
