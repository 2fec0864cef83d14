// Tables in words: what a row is called, where it stands in a path, what it belongs to and what it has.
import type { NamedRelation, Route } from "../routes/tree.js";
import { type Described, type Ground, relationsOf, tableIn } from "./ground.js";

/** `an artist` */
export const one = ({ resource }: Described): string => {
  const words = resource.noun.replaceAll("_", " ");
  return `${/^[aeiou]/i.test(words) ? "an" : "a"} ${words}`;
};

/** ` of an artist` on nested routes; in a large document the path says it. */
export function wherein({ steps }: Route, ground: Ground): string {
  if (ground.plain) return "";
  const parent = steps.at(-2);
  return parent === undefined ? "" : ` of ${one(tableIn(ground, parent.table))}`;
}

/** So many relations of a kind are named; more are counted. */
const NAMED = 8;

/** `An album belongs to an artist (`artist`), has tracks, and is linked with playlists.` */
export function aboutTable(of: Described, ground: Ground): string {
  const relations = relationsOf(of);
  const parts = [
    ...said("belongs to", relations, "parent", (relation) => asOne(relation, ground)),
    ...said("has at most", relations, "one-one", (relation) => asOne(relation, ground)),
    ...said("has", relations, "one-n", quoted),
    ...said("is linked with", relations, "n-n", quoted),
  ];
  const words = one(of);
  if (parts.length === 0) return `A row is ${words}.`;
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} ${listed(parts)}.`;
}

function said(
  verb: string,
  relations: readonly NamedRelation[],
  kind: NamedRelation["relation"],
  name: (relation: NamedRelation) => string,
): string[] {
  const all = relations.filter(({ relation, many }) => relation === kind && (kind !== "one-one" || !many));
  if (all.length === 0) return [];
  const more = all.length > NAMED ? [`${all.length - NAMED} more`] : [];
  return [`${verb} ${listed([...all.slice(0, NAMED).map(name), ...more])}`];
}

/** The relation's name, and what it leads to where that is another word. */
function asOne(relation: NamedRelation, ground: Ground): string {
  const target = tableIn(ground, relation.table);
  return relation.name === target.resource.noun ? one(target) : `${one(target)} (${quoted(relation)})`;
}

const quoted = ({ name }: NamedRelation): string => `\`${name}\``;

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

/** What an operation does, where there is nothing to say of the table's own. */
export const aboutOperation: Readonly<Record<Route["operation"], string>> = {
  list: "Rows that the filters select, a page at a time.",
  read: "One row, with what `select` names of it.",
  create: "An array is all or nothing. Related rows may stand under their relations' names.",
  replace: "Columns that are left out fall back to their default or NULL.",
  update: "Columns that the body names are changed; the others stay.",
  delete: "What becomes of rows that refer to it, their foreign keys say.",
  restore: "It is found again by all requests.",
  updateMany:
    "Takes a filter at least; every row is `?key=is:notnull`. Or an array of rows, each with its key and what is changed of it, without a filter: all of them or none.",
  deleteMany: "Takes a filter at least; every row is `?key=is:notnull`.",
  link: "A link that stands already stays.",
  unlink: "The rows on both sides stay.",
  unlinkMany: "Takes a filter at least; every row is `?key=is:notnull`. The rows themselves stay.",
  relink: "Links that stay are not touched; rows themselves are never deleted.",
  readBytes: "The media type is told by the bytes' first ones. Where the column is NULL there is nothing: 404.",
  writeBytes: "The bytes are kept as they come.",
  clearBytes: "The row stays, and its column is NULL.",
};
