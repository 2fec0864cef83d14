// How much a nested body would write, before any of it is written.
import { problem } from "../../http/problem.js";
import { type BodyFields, isKeyOnly } from "../../plan/related.js";
import type { RequestContext } from "../../run/context.js";
import { type TableLookup, tableOf } from "../../schema/lookup.js";
import { relatedFields } from "./related-fields.js";

/** Is more written than the row itself? A parent whose key is all that is said of it is only read. */
export function writesBeside(body: BodyFields, entry: TableLookup, context: RequestContext): boolean {
  return relatedFields(body, entry, context.snapshot).some(({ name, join, table }) => {
    const items = [body[name]].flat();
    if (join.via !== "parent") return items.length > 0;
    const target = tableOf(context.snapshot.lookup, table);
    return items.some((item) => item !== null && (typeof item !== "object" || !isKeyOnly(item as BodyFields, target)));
  });
}

/** Counted before anything is written. */
export function requireSize(bodies: readonly unknown[], entry: TableLookup, context: RequestContext): void {
  const { maxRows, maxEmbedDepth } = context.snapshot.limits;
  let rows = 0;
  const count = (body: unknown, of: TableLookup, depth: number) => {
    if (++rows > maxRows) throw problem("too_complex", `At most ${maxRows} rows are written in one request.`);
    if (depth > maxEmbedDepth) throw problem("too_complex", `Rows are nested at most ${maxEmbedDepth} levels deep.`);
    for (const { name, table } of relatedFields(body, of, context.snapshot)) {
      for (const item of [(body as BodyFields)[name]].flat())
        count(item, tableOf(context.snapshot.lookup, table), depth + 1);
    }
  };
  for (const body of bodies) count(body, entry, 0);
}
