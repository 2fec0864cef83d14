// The bodies of routines and triggers → which of them leave something on the connection that they run on, for whoever has it next: settings,
// variables, temporary tables, locks.
import { groupBy } from "../../base/group-by.js";
import type { CatalogueRow } from "../catalogue.js";
import { calledIn, spoken } from "./commits.js";

/** Routines and triggers, each row with its `body`; of a routine's rows each names one of its arguments. */
interface Code {
  readonly routines: readonly CatalogueRow[];
  readonly triggers: readonly CatalogueRow[];
}

interface Leaving {
  /** Does a call of the routine leave something? */
  routine(row: CatalogueRow): boolean;
  /** Does what fires the trigger? */
  trigger(row: CatalogueRow): boolean;
}

/**
 * Procedures run where they are called by name. Functions run in views and defaults too: one that leaves something stands for all
 * routines.
 */
export function leftBehindOf({ routines, triggers }: Code): Leaving {
  const procedures = new Map(
    routines.map((row) => [row.kind === "PROCEDURE" ? String(row.routine).toLowerCase() : "", row]),
  );
  const own = bodiesThatLeave([...routines, ...triggers]);
  const within = (row: CatalogueRow | undefined, seen = new Set<CatalogueRow>()): boolean => {
    if (row === undefined || row.body === null || seen.has(row)) return false;
    seen.add(row);
    return own.has(String(row.body)) || calledIn(spoken(row)).some((name) => within(procedures.get(name), seen));
  };
  const isFired = triggers.some((row) => within(row));
  const leaves = (row: CatalogueRow) => within(row) || (isFired && row.body !== null && WRITES.test(spoken(row)));
  const functions = routines.flatMap((row) => (row.kind === "FUNCTION" && leaves(row) ? [String(row.routine)] : []));
  const names = (row: CatalogueRow) => functions.some((name) => spoken(row).toLowerCase().includes(name.toLowerCase()));
  return {
    routine: (row) => functions.length > 0 || leaves(row),
    trigger: (row) => within(row) || names(row),
  };
}

/** By their texts, as a routine has a row for each argument. */
function bodiesThatLeave(rows: readonly CatalogueRow[]): ReadonlySet<string> {
  const bodies = groupBy(
    rows.filter(({ body }) => body !== null),
    ({ body }) => String(body),
  );
  const leaving = [...bodies].filter(([, all]) => {
    const text = all.slice(0, 1).map(spoken).join("");
    return LEAVES.test(text) || setsForeign(text, all);
  });
  return new Set(leaving.map(([body]) => body));
}

/** Sets a variable that is neither an argument, nor declared, nor a column of the row: then it is the connection's. */
function setsForeign(text: string, rows: readonly CatalogueRow[]): boolean {
  const names = rows.map(({ name }) => String(name).toLowerCase());
  const declared = [...text.matchAll(DECLARED)].flatMap(([, list = ""]) => wordsOf(list));
  const known = new Set([...names, ...declared]);
  return [...text.matchAll(SET)].some(([, list = ""]) =>
    [...list.matchAll(ASSIGNED)].some(([, name = ""]) => !known.has(name.toLowerCase())),
  );
}

const wordsOf = (list: string): string[] => list.toLowerCase().match(/[\w$]+/g) ?? [];

/** SET as a statement: that of UPDATE stands behind a table. */
const SET = /(?:^|[;:]|\b(?:begin|then|else|do|loop|repeat|sqlexception|sqlwarning|found)\b)\s*set\s+([^;]*)/gi;
const ASSIGNED = /(?:^|,)\s*`?([a-z_]\w*)`?\s*:?=/gi;
const DECLARED = /\bdeclare\s+([\w$`]+(?:\s*,\s*[\w$`]+)*)/gi;

const WRITES = /\b(?:insert|update|delete|replace|load)\b/i;

/** A variable of the session or the user, statements that are put together while they run, and what has a name on the connection. */
const LEAVES = new RegExp(
  [
    String.raw`\bset\s+(?:session|local|names|character\s+set|charset|role|@@(?!global\b))`,
    String.raw`(?<![\w@])@(?!@)`,
    String.raw`\bcreate\s+(?:or\s+replace\s+)?temporary\b|\bget_lock\s*\(|\block\s+tables?\b|\bprepare\b|\bhandler\s+\S+\s+open\b`,
  ].join("|"),
  "i",
);
