// `envelope=true`: the list's rows within an object that says what they are a part of.
import type { Query } from "../request/query.js";
import type { TableLookup } from "../schema/lookup.js";
import type { ApiResponse } from "./message.js";
import type { Page } from "./page.js";

/** A bare array, and the JSON of all the other fields: hooks see the rows alone, so the envelope is closed behind them. */
export interface Enveloped extends ApiResponse {
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

export const enveloped = ({ envelope, ...response }: Enveloped): ApiResponse =>
  envelope === undefined ? response : { ...response, body: `${envelope.slice(0, -1)},"items":${response.body}}` };
