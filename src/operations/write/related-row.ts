// A row that was written or found, with the related rows that the body has in it.
import { stringify } from "lossless-json";
import type { BodyFields } from "../../plan/related.js";
import { parseText } from "../../request/body.js";
import type { NamedRelation } from "../../routes/tree.js";
import type { TableLookup } from "../../schema/lookup.js";
import { withRelatedTexts } from "./related-fields.js";

export interface WholeRow {
  readonly entry: TableLookup;
  /** Its own JSON as the client gets it: hooks may have changed it. */
  readonly text: string;
  /** The same as the database has told it. */
  readonly stored: string;
  readonly related: readonly RelatedRows[];
}

export interface RelatedRows {
  readonly relation: NamedRelation;
  readonly rows: readonly WholeRow[];
}

/** What is stored of it. */
export const rowFields = ({ stored }: WholeRow): BodyFields => parseText(stored) as BodyFields;

/** The row as it was read again. Fields that hooks have changed, added or left out stay as the hooks have made them. */
export function readAnew(row: WholeRow, stored: string): WholeRow {
  if (row.stored === stored) return row;
  if (row.text === row.stored) return { ...row, stored, text: stored };
  const shown = parseText(row.text);
  if (typeof shown !== "object" || shown === null || Array.isArray(shown)) return { ...row, stored };
  const [before, now] = [rowFields(row), parseText(stored) as BodyFields];
  const isStored = (name: string, value: unknown) => stringify(value) === stringify(before[name]);
  const fields = Object.entries(shown).map(([name, value]) => [name, isStored(name, value) ? now[name] : value]);
  return { ...row, stored, text: stringify(Object.fromEntries(fields)) as string };
}

/** The row's JSON with its related rows in it. */
export function wholeText({ text, related }: WholeRow): string {
  if (related.length === 0) return text;
  const texts = related.map(({ relation, rows }) => [relation.name, relatedText(relation, rows)] as const);
  return withRelatedTexts(
    text,
    related.map(({ relation }) => relation),
    new Map(texts),
  );
}

function relatedText({ many }: NamedRelation, rows: readonly WholeRow[]): string {
  const texts = rows.map(wholeText);
  return many ? `[${texts.join(",")}]` : (texts[0] ?? "null");
}
