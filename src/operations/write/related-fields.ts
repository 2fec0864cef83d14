// Which fields of a body, or of the answer to it, are related rows; and a row's text with theirs.
import { stringify } from "lossless-json";
import type { Relations } from "../../plan/column-names.js";
import { type BodyFields, isRow } from "../../plan/related.js";
import { parseText } from "../../request/body.js";
import type { NamedRelation } from "../../routes/tree.js";
import { type Lookup, type TableLookup, tableOf } from "../../schema/lookup.js";

interface Names {
  readonly lookup: Lookup;
  readonly relations: Relations;
}

/** A column of the name wins, but where an object stands in the place of the key. */
export function relatedFields(body: unknown, entry: TableLookup, { lookup, relations }: Names): NamedRelation[] {
  if (typeof body !== "object" || body === null) return [];
  const known = relations.get(entry.table.id);
  return Object.entries(body).flatMap(([name, value]) => {
    const relation = known?.get(name);
    if (relation === undefined) return [];
    if (!entry.readable.has(name)) return relation;
    return relation.inPlace && isRow(value, tableOf(lookup, relation.table)) ? relation : [];
  });
}

/** The related rows' texts behind the row's own fields, or in the place of the keys that they stand for. */
export function withRelatedTexts(
  row: string,
  related: readonly NamedRelation[],
  texts: ReadonlyMap<string, string>,
): string {
  const placed = new Set(related.flatMap(({ name, inPlace }) => (inPlace ? [name] : [])));
  const own = placed.size === 0 ? row.slice(1, -1) : fieldTexts(row, placed, texts).join(",");
  const behind = [...texts]
    .filter(([name]) => !placed.has(name))
    .map(([name, text]) => `${JSON.stringify(name)}:${text}`);
  return `{${[...(own === "" ? [] : [own]), ...behind].join(",")}}`;
}

function fieldTexts(row: string, placed: ReadonlySet<string>, texts: ReadonlyMap<string, string>): string[] {
  const fields = parseText(row) as BodyFields;
  const names = [...new Set([...Object.keys(fields), ...placed])];
  return names.map((name) => {
    const text = placed.has(name) ? texts.get(name) : undefined;
    return `${JSON.stringify(name)}:${text ?? stringify(fields[name])}`;
  });
}
