// Rows of a view that passes the key of a table through have that table's children, and what it is linked with. To children they lead
// down and not back: the children's parent stays the table.
import { keyPassed } from "../schema/passed-key.js";
import type { Table } from "../schema/schema.js";
import type { Reference, Relation } from "./relation.js";

type OneToN = Extract<Relation, { type: "one-n" }>;
type Link = Extract<Relation, { type: "n-n" }>;

/** Not those that views have: a view beside a view says nothing that the table between them does not say. */
export function throughViews(tables: readonly Table[], relations: readonly Relation[]): Relation[] {
  const views = tables.filter(({ kind }) => kind === "view");
  if (views.length === 0) return [];
  const isView = new Set(views.map(({ id }) => id));
  return relations.flatMap((relation): Relation[] => {
    if (relation.type === "root" || isView.has(relation.table)) return [];
    return views.flatMap((view): readonly Relation[] =>
      relation.type === "one-n" ? downFrom(view, relation) : linksOf(view, relation),
    );
  });
}

/** Rows of the view in the place of those of the table below it, where what refers to them finds one at the most. */
function standingIn(view: Table, { table, columns, references }: Reference): Reference | undefined {
  const names = keyPassed(view, table, references);
  return names && { table: view.id, columns, references: names, enforced: false };
}

const passes = (view: Table, { table, references }: Reference): string =>
  `${view.id} passes ${table}(${references.join(", ")}) through`;

function downFrom(view: Table, relation: OneToN): readonly OneToN[] {
  const parent = standingIn(view, relation.parent);
  if (parent === undefined) return [];
  const detail = `${passes(view, relation.parent)}, which ${relation.table}(${parent.columns.join(", ")}) refers to`;
  return [{ ...relation, parent, down: true, evidence: { by: relation.evidence.by, detail } }];
}

/** A link of tables links the views of each end with the table at the other one. */
function linksOf(view: Table, relation: Link): readonly Link[] {
  return relation.sides.flatMap((side, i): readonly Link[] => {
    const own = standingIn(view, side);
    if (own === undefined) return [];
    const other = relation.sides[1 - i] as Reference;
    const detail = `${passes(view, side)}, which ${relation.table} links with ${other.table}`;
    return [{ ...relation, sides: [own, other], evidence: { by: relation.evidence.by, detail } }];
  });
}
