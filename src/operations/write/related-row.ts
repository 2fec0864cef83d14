// A row that was written or found, with the related rows that the body has in it.
import type { BodyFields } from "../../plan/related.js";
import { parseText } from "../../request/body.js";
import type { NamedRelation } from "../../routes/tree.js";
import type { TableLookup } from "../../schema/lookup.js";
import { withRelatedTexts } from "./related-fields.js";

export interface WholeRow {
  readonly entry: TableLookup;
  /** Its own JSON, as the database or a hook has made it. */
  readonly text: string;
  readonly related: readonly RelatedRows[];
}

export interface RelatedRows {
  readonly relation: NamedRelation;
  readonly rows: readonly WholeRow[];
}

/** What its own JSON says. */
export const rowFields = ({ text }: WholeRow): BodyFields => parseText(text) as BodyFields;

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
