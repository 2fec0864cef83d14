// A form for a new row, or to change one.
import { useQueryClient } from "@tanstack/react-query";
import type { RaRecord } from "../../client/ra-types.js";
import type { ExploredField, ExploredTable } from "../model.js";
import { Dialog } from "./dialog.js";
import { referredBy, useExplored } from "./explored.js";
import { toText } from "./field-text.js";
import { isStale } from "./refusal.js";
import { type Values, ValuesForm } from "./values-form.js";

export interface RowFormProps {
  readonly table: ExploredTable;
  /** The row to change; a new one where it is left out. */
  readonly row?: RaRecord;
  /** What a new row says by itself, as the key of the row that it belongs to. */
  readonly preset?: Values;
  /** `saved` where it was not given up. */
  close(saved?: RaRecord): void;
}

export function RowForm({ table, row, preset = {}, close }: RowFormProps) {
  const { provider, byName } = useExplored();
  const client = useQueryClient();
  const fields = table.fields.filter((field) => (row ? isChanged(field) : field.insert) && !(field.name in preset));

  async function send(said: Values): Promise<void> {
    try {
      const saved = await sent({ ...preset, ...said });
      await client.invalidateQueries();
      close(saved);
    } catch (error) {
      if (isStale(error)) await client.invalidateQueries();
      throw error;
    }
  }

  async function sent(data: Values): Promise<RaRecord> {
    if (row === undefined) return (await provider.create(table.name, { data })).data;
    if (Object.keys(data).length === 0) return row;
    return (await provider.update(table.name, { id: row.id, data, previousData: row })).data;
  }

  return (
    <Dialog title={row ? `Change this ${table.noun}` : `New ${table.noun}`} close={() => close()}>
      <ValuesForm
        fields={fields}
        atFirst={(field) => textAtFirst(field, row)}
        isRequired={(field) => isRequired(field, row !== undefined)}
        referred={(field) => referredBy(field.name, table, byName)}
        isNew={row === undefined}
        action="Save"
        send={send}
        cancel={() => close()}
      />
    </Dialog>
  );
}

/** Bytes are changed as a file, at their own place. */
const isChanged = ({ update, bytes }: ExploredField): boolean => update && !bytes?.methods.includes("PUT");

export function textAtFirst(field: ExploredField, row?: RaRecord): string | boolean {
  if (field.kind === "boolean" && !field.nullable) return row?.[field.name] === true;
  return toText(row?.[field.name], field);
}

/** An empty text is a text. */
export const isRequired = ({ kind, nullable, required }: ExploredField, stands: boolean): boolean =>
  kind !== "text" && (stands ? !nullable : required);
