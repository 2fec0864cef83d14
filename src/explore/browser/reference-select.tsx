// A row of another table, chosen by what people call it. Of a large table a part is shown, which can be looked for.
import { useGetList, useReference } from "ra-core";
import { useId, useState } from "react";
import type { ExploredTable } from "../model.js";
import { worded } from "./explored.js";
import type { CommonProps } from "./input-props.js";
import { titleOf } from "./value.js";

/** So many rows are a choice. */
const MOST = 50;

interface ReferenceSelectProps {
  readonly table: ExploredTable;
  /** The key that it had at first, or nothing. */
  readonly current: string;
  readonly isRequired: boolean;
  readonly common: CommonProps;
}

export function ReferenceSelect({ table, current, isRequired, common }: ReferenceSelectProps) {
  const [wanted, setWanted] = useState("");
  const [chosen, setChosen] = useState(current);
  const id = useId();
  const { label } = table;
  const { data = [], total = 0 } = useGetList(table.name, {
    pagination: { page: 1, perPage: MOST },
    sort: { field: label ?? "id", order: "ASC" },
    filter: wanted === "" || label === undefined ? {} : { [`${label}@icontains`]: wanted },
  });
  const others = data.filter((row) => String(row.id) !== chosen);
  const isLookedFor = label !== undefined && (total > MOST || wanted !== "");
  return (
    <>
      {isLookedFor && (
        <input
          id={id}
          type="search"
          autoComplete="off"
          aria-label={`Look for a ${worded(table.noun)}`}
          placeholder={`Look for a ${worded(table.noun)}`}
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
        />
      )}
      <select
        required={isRequired}
        {...common}
        // What is chosen moves to the top of the list: the choice must go with it.
        value={chosen}
        onChange={(event) => {
          setChosen(event.target.value);
          return common.onChange(event);
        }}
      >
        {(!isRequired || current === "") && <option value="" />}
        {chosen !== "" && <Chosen table={table} id={chosen} />}
        {others.map((row) => (
          <option key={String(row.id)} value={String(row.id)}>
            {optionOf(row, table)}
          </option>
        ))}
      </select>
    </>
  );
}

/** It stays in the list, whatever is looked for. */
function Chosen({ table, id }: { readonly table: ExploredTable; readonly id: string }) {
  const { referenceRecord } = useReference({ reference: table.name, id });
  return <option value={id}>{referenceRecord ? optionOf(referenceRecord, table) : id}</option>;
}

/** Two rows may be called the same. */
function optionOf(row: Readonly<Record<string, unknown>>, table: ExploredTable): string {
  const title = titleOf(row, table);
  const key = table.key.map((name) => String(row[name])).join(", ");
  return title === key ? key : `${title} (${key})`;
}
