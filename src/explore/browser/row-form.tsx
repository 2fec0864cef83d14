// A form for a new row, or to change one. What is refused is said at its fields.
import { useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { useForm } from "react-hook-form";
import { RefusedError } from "../../client/http.js";
import type { RaRecord } from "../../client/ra-types.js";
import type { ExploredField, ExploredTable } from "../model.js";
import { resourceOf } from "./access.js";
import { Dialog } from "./dialog.js";
import { referredBy, useExplored } from "./explored.js";
import { FieldInput } from "./field-input.js";
import { fromText, toText } from "./field-text.js";
import { isStale, messageOf } from "./refusal.js";

type Values = Readonly<Record<string, unknown>>;

export interface RowFormProps {
  readonly table: ExploredTable;
  /** The row to change; a new one where it is left out. */
  readonly row?: RaRecord;
  /** What a new row says by itself, as the key of the row that it belongs to. */
  readonly preset?: Values;
  /** `saved` where it was not given up. */
  close(saved?: RaRecord): void;
}

/** Names of inputs: a column's own may hold dots, which react-hook-form takes for a path. */
const inputOf = (i: number): string => `f${i}`;

export function RowForm({ table, row, preset = {}, close }: RowFormProps) {
  const { provider, byName } = useExplored();
  const client = useQueryClient();
  const id = useId();
  const fields = table.fields.filter((field) => (row ? field.update : field.insert) && !(field.name in preset));
  const texts = fields.map((field) => textAtFirst(field, row));
  const form = useForm<Record<string, string | boolean>>({
    defaultValues: Object.fromEntries(texts.map((text, i) => [inputOf(i), text])),
  });
  const { errors, dirtyFields, isSubmitting } = form.formState;

  const save = form.handleSubmit(async (said) => {
    const data: Record<string, unknown> = { ...preset };
    let isWrong = false;
    for (const [i, field] of fields.entries()) {
      const given = said[inputOf(i)];
      const isSaid = dirtyFields[inputOf(i)] || (row === undefined && typeof given === "boolean" && field.required);
      if (!isSaid) continue;
      try {
        data[field.name] = typeof given === "boolean" ? given : fromText(given ?? "", field);
      } catch (error) {
        isWrong = true;
        form.setError(inputOf(i), { message: (error as Error).message });
      }
    }
    if (isWrong) return;
    try {
      const saved = await sent(data);
      await client.invalidateQueries();
      close(saved);
    } catch (error) {
      if (isStale(error)) await client.invalidateQueries();
      tell(error);
    }
  });

  async function sent(data: Values): Promise<RaRecord> {
    if (row === undefined) return (await provider.create(resourceOf(table), { data })).data;
    if (Object.keys(data).length === 0) return row;
    return (await provider.update(resourceOf(table), { id: row.id, data, previousData: row })).data;
  }

  function tell(error: unknown): void {
    const faults = error instanceof RefusedError ? (error.problem.errors ?? []) : [];
    let isTold = false;
    for (const { field, message } of faults) {
      const i = fields.findIndex(({ name }) => name === field);
      if (i < 0) continue;
      form.setError(inputOf(i), { message }, { shouldFocus: !isTold });
      isTold = true;
    }
    if (!isTold) form.setError("root", { message: messageOf(error) });
  }

  return (
    <Dialog title={row ? `Change this ${table.noun}` : `New ${table.noun}`} close={() => close()}>
      <form onSubmit={save} noValidate={false}>
        {fields.map((field, i) => (
          <FieldInput
            key={field.name}
            id={`${id}${i}`}
            field={field}
            text={String(texts[i])}
            isRequired={isRequired(field, row !== undefined)}
            other={referredBy(field.name, table, byName)}
            error={errors[inputOf(i)]?.message}
            register={form.register(inputOf(i))}
          />
        ))}
        {errors.root && (
          <p role="alert" className="refusal">
            {errors.root.message}
          </p>
        )}
        <div className="buttons">
          <button type="submit" disabled={isSubmitting}>
            Save
          </button>
          <button type="button" onClick={() => close()}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function textAtFirst(field: ExploredField, row: RaRecord | undefined): string | boolean {
  if (field.kind === "boolean" && !field.nullable) return row?.[field.name] === true;
  return toText(row?.[field.name], field);
}

/** An empty text is a text. */
const isRequired = ({ kind, nullable, required }: ExploredField, stands: boolean): boolean =>
  kind !== "text" && (stands ? !nullable : required);
