// What can be done with a row: change it, delete it.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import type { RaRecord } from "../../client/ra-types.js";
import type { ExploredTable } from "../model.js";
import { Dialog } from "./dialog.js";
import { pathTo, useExplored } from "./explored.js";
import { isStale, Refusal } from "./refusal.js";
import { RowForm } from "./row-form.js";

interface RowButtonsProps {
  readonly table: ExploredTable;
  readonly row: RaRecord;
  readonly title: string;
}

export function RowButtons({ table, row, title }: RowButtonsProps) {
  const [open, setOpen] = useState<"form" | "question">();
  const navigate = useNavigate();
  const close = () => setOpen(undefined);
  const mayChange = table.may.includes("update") && table.fields.some(({ update }) => update);
  const saved = (changed?: RaRecord) => {
    close();
    // Its key may be another one now.
    if (changed !== undefined && String(changed.id) !== String(row.id))
      navigate(pathTo(table.name, changed.id), { replace: true });
  };
  return (
    <div className="buttons">
      {mayChange && (
        <button type="button" onClick={() => setOpen("form")}>
          Change
        </button>
      )}
      {table.may.includes("delete") && (
        <button type="button" className="danger" onClick={() => setOpen("question")}>
          Delete
        </button>
      )}
      {open === "form" && <RowForm table={table} row={row} close={saved} />}
      {open === "question" && <Question table={table} row={row} title={title} close={close} />}
    </div>
  );
}

interface QuestionProps extends RowButtonsProps {
  close(): void;
}

function Question({ table, row, title, close }: QuestionProps) {
  const { provider } = useExplored();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>();
  const remove = async () => {
    try {
      await provider.delete(table.name, { id: row.id, previousData: row });
    } catch (reason) {
      if (isStale(reason)) await client.invalidateQueries();
      return setError(reason);
    }
    navigate(pathTo(table.name), { replace: true });
    await client.invalidateQueries({ refetchType: "none" });
  };
  return (
    <Dialog title={`Delete ${title}?`} close={close}>
      {error !== undefined && <Refusal error={error} />}
      <div className="buttons">
        <button type="button" className="danger" onClick={remove}>
          Delete
        </button>
        <button type="button" onClick={close}>
          Keep
        </button>
      </div>
    </Dialog>
  );
}
