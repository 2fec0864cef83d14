// A row's fields, one below the other.
import type { RaRecord } from "../../client/ra-types.js";
import type { ExploredTable } from "../model.js";
import { Bytes } from "./bytes.js";
import { worded } from "./explored.js";
import { Value } from "./value.js";

interface FieldsProps {
  readonly table: ExploredTable;
  readonly row: Readonly<Record<string, unknown>>;
  /** Is it the row's own page? Then files are sent and saved there. */
  readonly isPlaced?: boolean;
}

export const Fields = ({ table, row, isPlaced = false }: FieldsProps) => (
  <dl>
    {table.fields
      .filter(({ read }) => read)
      .map((field) => (
        <div key={field.name}>
          <dt title={field.comment}>{worded(field.name)}</dt>
          <dd>
            {isPlaced && field.bytes ? (
              <Bytes table={table} row={row as RaRecord} field={{ ...field, bytes: field.bytes }} />
            ) : (
              <Value table={table} field={field} value={row[field.name]} />
            )}
          </dd>
        </div>
      ))}
  </dl>
);
