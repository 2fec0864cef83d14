// A range as a filter says it: `[1,9)`, `(,2024-02-29]`, `empty`. In: its text and the type of its bounds. Out: the text for the database, or
// a sentence that says what fits. Brackets include their bound, parentheses do not, and a bound that is left out is none.
import { excerpt } from "../base/suggest.js";
import type { ColumnType } from "../schema/schema.js";
import { fromText, type Typed } from "./value.js";

const RANGE = /^([[(]) *([^,()[\]]*?) *, *([^,()[\]]*?) *([\])])$/;

export const isRangeText = (text: string): boolean => text === "empty" || /^[[(]/.test(text);

export function rangeFrom(text: string, bound: ColumnType): Typed {
  if (text === "empty") return { ok: true, value: text };
  const [, open, lower = "", upper = "", close] = RANGE.exec(text) ?? [];
  if (open === undefined) return { ok: false, message: `is a range such as ${example(bound)}, not '${excerpt(text)}'` };
  const bounds = [lower, upper].map(
    (one): Typed => (one === "" ? { ok: true, value: "" } : fromText(unquoted(one), bound)),
  );
  const wrong = bounds.find(({ ok }) => !ok);
  if (wrong !== undefined) return wrong;
  const [from = "", to = ""] = bounds.map((one) => (one.ok ? String(one.value) : ""));
  if (from !== "" && to !== "" && isBehind(from, to, bound))
    return { ok: false, message: `is a range whose lower bound comes first, not '${excerpt(text)}'` };
  return { ok: true, value: `${open}${from},${to}${close}` };
}

const unquoted = (text: string): string => text.replace(/^"(.*)"$/, "$1");

/** Moments as far as ISO 8601 tells them; PostgreSQL itself refuses the rest. */
function isBehind(from: string, to: string, { kind }: ColumnType): boolean {
  if (kind === "integer") return BigInt(from) > BigInt(to);
  if (kind === "decimal") return Number(from) > Number(to);
  return [from, to].every((text) => /^\d{4}-/.test(text)) && from > to;
}

const example = ({ kind }: ColumnType): string => {
  if (kind === "integer" || kind === "decimal") return "[1,9]";
  return kind === "date" ? "[2024-01-01,2024-02-01)" : "[2024-01-01T08:00,2024-01-01T17:00)";
};
