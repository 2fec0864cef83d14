// Rows of a view that passes the key of a table through have that table's children too. They lead down to them and not back: the
// children's parent stays the table.
import type { Table } from "../schema/schema.js";
import { keysOf } from "./links.js";
import type { Relation } from "./relation.js";

type OneToN = Extract<Relation, { type: "one-n" }>;

/** Not those that views have: a view beside a view says nothing that the table between them does not say. */
export function throughViews(tables: readonly Table[], relations: readonly Relation[]): Relation[] {
  const views = tables.filter(({ kind }) => kind === "view");
  if (views.length === 0) return [];
  const isView = new Set(views.map(({ id }) => id));
  return relations.flatMap((relation): Relation[] =>
    relation.type !== "one-n" || isView.has(relation.table)
      ? []
      : views.flatMap((view) => {
          const found = downFrom(view, relation);
          return found === undefined ? [] : [found];
        }),
  );
}

function downFrom(view: Table, relation: OneToN): OneToN | undefined {
  const { table, columns, references } = relation.parent;
  const passed = references.map((name) =>
    view.columns.find(({ origin }) => origin?.table === table && origin.column === name),
  );
  if (passed.includes(undefined)) return undefined;
  const names = passed.map((column) => column?.name as string);
  if (!keysOf(view).some((key) => key.length === names.length && key.every((name) => names.includes(name))))
    return undefined;
  const detail = `${view.id} passes ${table}(${references.join(", ")}) through, which ${relation.table}(${columns.join(", ")}) refers to`;
  return {
    ...relation,
    parent: { table: view.id, columns, references: names, enforced: false },
    down: true,
    evidence: { by: relation.evidence.by, detail },
  };
}
