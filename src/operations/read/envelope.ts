// `envelope=true`: the list's rows within an object that says what they are a part of.

import type { ApiResponse } from "../../http/message.js";
import type { ShownField } from "../../plan/plan.js";
import type { Query } from "../../request/query.js";
import type { TableLookup } from "../../schema/lookup.js";
import type { Pieces } from "./chunks.js";
import type { Page } from "./page.js";

/** A list before it has its form: hooks see the rows alone, so that what stands around them comes behind the hooks. */
export interface Listed extends Omit<ApiResponse, "pieces"> {
  /** Instead of `body`, where the rows are too many to be held. */
  readonly rows?: Pieces;
  /** The rows that `body` holds, as they were found. */
  readonly items?: readonly string[];
  /** What a row shows, where the query says it. */
  readonly shown?: readonly ShownField[];
  /** The JSON of all other fields of the object that the rows stand in. */
  readonly envelope?: string;
}

export function envelopeOf({ label }: TableLookup, query: Query, page: Page, total: number | null = null): string {
  const { limit, start } = page;
  // Where a cursor's page stands among all the rows is not known.
  const offset = start === undefined ? page.offset : null;
  return `{"table":${JSON.stringify(label)},"total":${total},"limit":${limit},"offset":${offset},"filters":${filters(query)}}`;
}

/** The filters as they were written, by what they filter. */
function filters({ said }: Query): string {
  const byName = new Map<string, string[]>();
  for (const [name, value] of said) byName.set(name, [...(byName.get(name) ?? []), value]);
  return JSON.stringify(Object.fromEntries(byName));
}

export function asJson({ status, headers, body, rows, envelope }: Listed): ApiResponse {
  const [before, behind] = envelope === undefined ? ["", ""] : [`${envelope.slice(0, -1)},"items":`, "}"];
  if (rows !== undefined) return { status, headers, pieces: arrayOf(rows, before, behind) };
  return { status, headers, body: envelope === undefined ? body : `${before}${body}${behind}` };
}

async function* arrayOf(rows: Pieces, before: string, behind: string): AsyncGenerator<string, void> {
  let separator = `${before}[`;
  for await (const some of rows) {
    if (some.length === 0) continue;
    yield `${separator}${some.join(",")}`;
    separator = ",";
  }
  yield `]${behind}`;
}
