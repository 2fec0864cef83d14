// A row's fields, one below the other.
import type { ExploredTable } from "../model.js";
import { worded } from "./explored.js";
import { Value } from "./value.js";

interface FieldsProps {
  readonly table: ExploredTable;
  readonly row: Readonly<Record<string, unknown>>;
}

export const Fields = ({ table, row }: FieldsProps) => (
  <dl>
    {table.fields
      .filter(({ read }) => read)
      .map((field) => (
        <div key={field.name}>
          <dt title={field.comment}>{worded(field.name)}</dt>
          <dd>
            <Value table={table} field={field} value={row[field.name]} />
          </dd>
        </div>
      ))}
  </dl>
);
