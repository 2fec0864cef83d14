// The text of an array or a composite value → its parts (manual: arrays, rowtypes, «Input and Output Syntax»).
import type { TextPart } from "../parts/calls.js";

/** `(1,"a ""b""",)` or `{1,NULL,{2}}`, with whatever bounds stand before an array. */
export function textParts(text: string): readonly TextPart[] {
  const begin = text.startsWith("[") ? text.indexOf("=") + 1 : 0;
  return read(text, begin).parts;
}

/** From the bracket that opens. `end` is behind the one that closes. */
function read(text: string, begin: number): { parts: TextPart[]; end: number } {
  const isArray = text[begin] === "{";
  const close = isArray ? "}" : ")";
  const parts: TextPart[] = [];
  let at = begin + 1;
  if (isArray && text[at] === close) return { parts, end: at + 1 };
  for (;;) {
    const one = isArray && text[at] === "{" ? nestedAt(text, at) : partAt(text, at, isArray);
    parts.push(one.part);
    at = one.end;
    if (at >= text.length || text[at] === close) return { parts, end: at + 1 };
    at++;
  }
}

interface FoundPart {
  readonly part: TextPart;
  readonly end: number;
}

function nestedAt(text: string, begin: number): FoundPart {
  const { parts, end } = read(text, begin);
  return { part: parts, end };
}

/** Each puts its own brackets into quotes (`array_out`, `record_out`). */
const ITEM = /(?:[^",{}\\]+|"(?:[^"\\]+|\\.)*")*/sy;
const FIELD = /(?:[^",()\\]+|"(?:[^"\\]+|\\.|"")*")*/sy;

/** Nothing at all is NULL in a composite value, the bare word in an array. */
function partAt(text: string, begin: number, isArray: boolean): FoundPart {
  const form = isArray ? ITEM : FIELD;
  form.lastIndex = begin;
  const [said = ""] = form.exec(text) ?? [];
  const end = begin + said.length;
  if (said === "" || (isArray && said === "NULL")) return { part: null, end };
  if (!said.startsWith('"')) return { part: said, end };
  return { part: said.slice(1, -1).replace(/(["\\])(.)/gs, "$2"), end };
}
