// The page of a table: its rows.
import { useGetList } from "ra-core";
import type { ExploredTable } from "../model.js";
import { Filters } from "./filters.js";
import { Heading } from "./heading.js";
import { useListState } from "./list-state.js";
import { NewRow } from "./new-row.js";
import { Rows } from "./rows.js";

export function ListPage({ table }: { readonly table: ExploredTable }) {
  const list = useListState(table);
  const { page, perPage, sort, filter } = list;
  const found = useGetList(
    table.name,
    { pagination: { page, perPage }, sort, filter },
    { placeholderData: (before) => before },
  );
  return (
    <>
      <Heading title={table.name}>{table.may.includes("create") && <NewRow table={table} />}</Heading>
      {table.comment && <p>{table.comment}</p>}
      <Filters table={table} list={list} />
      <Rows table={table} list={list} found={found} caption={`Rows of ${table.name}`} />
    </>
  );
}
