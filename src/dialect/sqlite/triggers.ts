// A trigger's own text, as sqlite_master keeps it → when it fires (https://sqlite.org/lang_createtrigger.html).
// RETURNING tells of the row as it was before AFTER triggers, and a BEFORE trigger may step over it: the row is read again.
import type { FoundEffect, WriteEvent } from "../../schema/effects.js";

const SPACE = String.raw`(?:\s|--[^\n]*\n|/\*[\s\S]*?\*/)+`;
const NAME = String.raw`(?:"(?:[^"]|"")*"|\x60(?:[^\x60]|\x60\x60)*\x60|\[[^\]]*\]|'(?:[^']|'')*'|[^\s".\x60\['/-]+)`;
const HEAD = new RegExp(
  `^CREATE${SPACE}(?:TEMP${SPACE}|TEMPORARY${SPACE})?TRIGGER${SPACE}(?:IF${SPACE}NOT${SPACE}EXISTS${SPACE})?` +
    `${NAME}(?:(?:${SPACE})?\\.(?:${SPACE})?${NAME})?(?:${SPACE})?(?:(?:BEFORE|AFTER|INSTEAD${SPACE}OF)${SPACE})?(INSERT|UPDATE|DELETE)\\b`,
  "i",
);

/** One that cannot be read is one that fires on UPDATE: it asks for the most care. */
export function effectOf(sql: string): Pick<FoundEffect, "event" | "effect"> {
  const event = (HEAD.exec(sql)?.[1]?.toLowerCase() ?? "update") as WriteEvent;
  return { event, effect: "trigger" };
}
