// A view in the place of a table below it: foreign keys that refer to the table find one of the view's rows at the most.
import type { ForeignKey, Table } from "./schema.js";
import type { SchemaWarning } from "./warnings.js";

/** The view's columns that these of the table are passed through as, where they are a key of the view. */
export function keyPassed(view: Table, table: string, columns: readonly string[]): readonly string[] | undefined {
  const passed = columns.map((name) =>
    view.columns.find(({ origin }) => origin?.table === table && origin.column === name),
  );
  const names = passed.flatMap((column) => column?.name ?? []);
  if (names.length < columns.length) return undefined;
  const keys = [view.primaryKey, ...view.uniqueKeys.map(({ columns }) => columns)].filter((key) => key.length > 0);
  return keys.some((key) => key.length === names.length && key.every((name) => names.includes(name)))
    ? names
    : undefined;
}

/** What a foreign key to a table that is not shown comes to. */
interface Towards {
  readonly keys: readonly ForeignKey[];
  readonly warnings: readonly SchemaWarning[];
}

/** A foreign key of `table` to what is not shown → one to the only view that stands for it. Of several none is better than another. */
export function towardsView(key: ForeignKey, { id }: Pick<Table, "id">, shown: readonly Table[]): Towards {
  const standing = shown.flatMap((view) => {
    const references = view.kind === "view" ? keyPassed(view, key.table, key.references) : undefined;
    return references === undefined ? [] : [{ table: view.id, references }];
  });
  const [only] = standing;
  if (only === undefined) return { keys: [], warnings: [] };
  if (standing.length === 1)
    return { keys: [{ ...key, ...only, enforced: false, behind: key.behind ?? key.table }], warnings: [] };
  const about = standing.map(({ table }) => table).join(", ");
  return { keys: [], warnings: [{ code: "foreign_key_of_several_views", table: id, columns: key.columns, about }] };
}
