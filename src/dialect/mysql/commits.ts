// The bodies of procedures, as the catalogue tells them → which of them may end the transaction that they are called in.
import type { CatalogueRow } from "../catalogue.js";

type Ends = true | "unknown" | undefined;

/** By a procedure's name. A body that nobody may see is unknown. */
export type Commits = (name: string) => Ends;

interface Said {
  readonly ends: Ends;
  /** Other procedures that it calls. */
  readonly calls: readonly string[];
}

export function commitsOf(rows: readonly CatalogueRow[]): Commits {
  const procedures = rows.filter(({ kind }) => kind === "PROCEDURE");
  const said = new Map(procedures.map((row) => [String(row.routine).toLowerCase(), saidIn(row)]));
  return (name) => endsOf(name.toLowerCase(), said, new Set());
}

/** Itself, or by one that it calls. `seen` are those that are looked at already. */
function endsOf(name: string, said: ReadonlyMap<string, Said>, seen: Set<string>): Ends {
  const own = said.get(name);
  if (own === undefined) return "unknown";
  if (seen.has(name)) return undefined;
  seen.add(name);
  const all = [own.ends, ...own.calls.map((other) => endsOf(other, said, seen))];
  if (all.includes(true)) return true;
  return all.includes("unknown") ? "unknown" : undefined;
}

/** A transaction that only reads refuses temporary tables as well (manual: SET TRANSACTION). */
export const makesTables = (row: CatalogueRow): boolean =>
  row.body !== null && /\b(?:create|drop)\b/i.test(spoken(row));

function saidIn(row: CatalogueRow): Said {
  if (row.body === null) return { ends: "unknown", calls: [] };
  const text = spoken(row);
  const ends = ENDS.test(text) ? true : DYNAMIC.test(text) ? "unknown" : undefined;
  return { ends, calls: calledIn(text) };
}

/** The procedures that a text calls, in lower case. */
export const calledIn = (text: string): string[] =>
  [...text.matchAll(CALLS)].map(([, quoted, bare = ""]) => (quoted?.replaceAll("``", "`") ?? bare).toLowerCase());

/** A body without texts and comments, but for those that the server runs. */
export function spoken({ body, modes }: CatalogueRow): string {
  const hidden = /NO_BACKSLASH_ESCAPES/.test(String(modes)) ? WITHOUT_ESCAPES : WITH_ESCAPES;
  return String(body).replace(hidden, (found) => (found.startsWith("`") ? found : " "));
}

const REST = /`(?:[^`]|``)*`|--(?=\s)[^\n]*|#[^\n]*|\/\*(?!M?!)[\s\S]*?\*\//.source;
const WITH_ESCAPES = new RegExp(String.raw`'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|${REST}`, "g");
const WITHOUT_ESCAPES = new RegExp(`'[^']*'|"[^"]*"|${REST}`, "g");

/** https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html, and what ends a transaction in words. */
const ENDS = new RegExp(
  [
    String.raw`\b(?:commit|autocommit|alter|grant|revoke|start\s+transaction|rename\s+(?:table|user))\b`,
    String.raw`\brollback\b(?!\s+(?:work\s+)?to\b)`,
    String.raw`\b(?:create|drop)\b(?!\s+(?:or\s+replace\s+)?(?:temporary|prepare)\b)`,
    String.raw`\btruncate\b(?!\s*\()`,
    String.raw`\b(?:analyze|optimize|repair|check)\s+(?:\w+\s+)?tables?\b`,
    String.raw`\b(?:flush|reset|xa|install|uninstall)\s+\w|\b(?:cache|load)\s+index\b|\bset\s+password\b`,
  ].join("|"),
  "i",
);

/** Statements that are put together while they run. */
const DYNAMIC = /\b(?:prepare|execute)\b/i;

/** One of another database is called as `database.name`, of which only the first word is found: it is unknown here. */
const CALLS = /\bcall\s+(?:`((?:[^`]|``)+)`|([\w$\u0080-\uffff]+))/gi;
