// The button that makes a row, and the form behind it.
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import type { ExploredTable } from "../model.js";
import { pathTo } from "./explored.js";
import { RowForm } from "./row-form.js";

interface NewRowProps {
  readonly table: ExploredTable;
  /** What it says by itself. With it the page stays, where the new row is then shown too. */
  readonly preset?: Readonly<Record<string, unknown>>;
}

export function NewRow({ table, preset }: NewRowProps) {
  const [isOpen, setOpen] = useState(false);
  const navigate = useNavigate();
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        New {table.noun}
      </button>
      {isOpen && (
        <RowForm
          table={table}
          {...(preset && { preset })}
          close={(saved) => {
            setOpen(false);
            if (saved !== undefined && preset === undefined && table.key.length > 0)
              navigate(pathTo(table.name, saved.id));
          }}
        />
      )}
    </>
  );
}
