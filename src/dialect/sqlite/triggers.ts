// A trigger's own text, as sqlite_master keeps it → when it fires (https://sqlite.org/lang_createtrigger.html).
// RETURNING tells of the row as it was before AFTER triggers, and a BEFORE trigger may step over it: the row is read again.

import type { FoundEffect, WriteEvent } from "../../schema/effects.js";
import { tokensOf } from "../views/tokens.js";

const SPACE = String.raw`(?:\s|--[^\n]*\n|/\*[\s\S]*?\*/)+`;
const NAME = String.raw`(?:"(?:[^"]|"")*"|\x60(?:[^\x60]|\x60\x60)*\x60|\[[^\]]*\]|'(?:[^']|'')*'|[^\s".\x60\['/-]+)`;
const HEAD = new RegExp(
  `^CREATE${SPACE}(?:TEMP${SPACE}|TEMPORARY${SPACE})?TRIGGER${SPACE}(?:IF${SPACE}NOT${SPACE}EXISTS${SPACE})?` +
    `${NAME}(?:(?:${SPACE})?\\.(?:${SPACE})?${NAME})?(?:${SPACE})?(?:(?:BEFORE|AFTER|INSTEAD${SPACE}OF)${SPACE})?(INSERT|UPDATE|DELETE)\\b` +
    `(?:${SPACE}OF\\b(?<columns>[\\s\\S]*?)${SPACE}ON\\b)?`,
  "i",
);

/** One that cannot be read is one that fires on UPDATE: it asks for the most care. */
export function effectOf(sql: string): Pick<FoundEffect, "event" | "effect"> {
  const event = (HEAD.exec(sql)?.[1]?.toLowerCase() ?? "update") as WriteEvent;
  return { event, effect: "trigger" };
}

const QUIET = new RegExp(`\\bON${SPACE}CONFLICT${SPACE}(?:IGNORE|REPLACE)\\b`, "i");

/** `UNIQUE ON CONFLICT IGNORE`: a write may keep a row, or delete others, and says nothing of it (https://sqlite.org/lang_conflict.html). */
export const settlesConflicts = (sql: string): boolean => QUIET.test(sql);

/** The columns, in lower case, of which an UPDATE must name one so that a trigger fires; nothing where each UPDATE fires one, or none does. */
export function heardBy(triggers: readonly string[]): string[] | undefined {
  const heads = triggers.map((sql) => HEAD.exec(sql)).filter((head) => head?.[1]?.toLowerCase() === "update");
  const lists = heads.map((head) => head?.groups?.columns);
  if (lists.length === 0 || lists.includes(undefined)) return undefined;
  return lists
    .flatMap((list) => tokensOf(list ?? "", false).filter(({ is }) => is === "word" || is === "name"))
    .map(({ text }) => text.toLowerCase());
}
