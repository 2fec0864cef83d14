// Rows as a table: sorted by its headings, a page at a time. Each row leads to its own page.
import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import type { RaRecord } from "../../client/ra-types.js";
import type { ExploredField, ExploredTable } from "../model.js";
import { pathTo, worded } from "./explored.js";
import { type ListState, PAGE_SIZES } from "./list-state.js";
import { Refusal } from "./refusal.js";
import { titleOf, Value } from "./value.js";

export interface Found {
  readonly data?: readonly RaRecord[] | undefined;
  readonly total?: number | undefined;
  readonly error?: unknown;
  readonly isFetching: boolean;
}

interface RowsProps {
  readonly table: ExploredTable;
  readonly list: ListState;
  readonly found: Found;
  /** What the table is of, for those who do not see where it stands. */
  readonly caption: string;
  /** Fields that are the same in every row. */
  readonly without?: readonly string[];
  /** What can be done with a row. */
  readonly actions?: ((row: RaRecord) => ReactNode) | undefined;
}

export function Rows({ table, list, found, caption, without = [], actions }: RowsProps) {
  const { data, error, isFetching } = found;
  if (error) return <Refusal error={error} />;
  if (data === undefined) return <p role="status">Loading…</p>;
  const shown = table.fields.filter(({ name, read }) => read && !without.includes(name));
  const fields = [...shown.filter(({ name }) => table.key.includes(name)), ...shown.filter(notOf(table.key))];
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be so by the keyboard too */}
      <section className="scroll" aria-label={caption} tabIndex={0} aria-busy={isFetching}>
        <table>
          <caption className="hidden">{caption}</caption>
          <thead>
            <tr>
              {fields.map((field) => (
                <Head key={field.name} field={field} list={list} table={table} />
              ))}
              {actions && (
                <th scope="col">
                  <span className="hidden">What can be done</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {data.map((row, i) => (
              <tr key={table.key.length > 0 ? String(row.id) : i}>
                {fields.map((field, at) => (
                  <Cell key={field.name} {...{ table, field, row }} leads={at === 0 && table.key.length > 0} />
                ))}
                {actions && <td className="actions">{actions(row)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Paging list={list} total={found.total} count={data.length} />
    </>
  );
}

const notOf = (key: readonly string[]) => (field: ExploredField) => !key.includes(field.name);

interface CellProps {
  readonly table: ExploredTable;
  readonly field: ExploredField;
  readonly row: RaRecord;
  /** Does it lead to the row's page? */
  readonly leads: boolean;
}

function Cell({ table, field, row, leads }: CellProps) {
  if (!leads)
    return (
      <td>
        <Value table={table} field={field} value={row[field.name]} short />
      </td>
    );
  const text = String(row[field.name]);
  const title = titleOf(row, table);
  return (
    <th scope="row">
      <Link to={pathTo(table.name, row.id)} aria-label={title === text ? `${table.noun} ${text}` : `${text}: ${title}`}>
        {text}
      </Link>
    </th>
  );
}

const unsorted = new Set(["json", "array", "binary"]);

interface HeadProps {
  readonly field: ExploredField;
  readonly list: ListState;
  readonly table: ExploredTable;
}

function Head({ field: { name, kind, comment }, list, table: { key } }: HeadProps) {
  const { sort } = list;
  if (unsorted.has(kind)) return <th scope="col">{worded(name)}</th>;
  const isSorted = sort.field === name || (sort.field === "id" && key.length === 1 && key[0] === name);
  const order = isSorted && sort.order === "ASC" ? "DESC" : "ASC";
  const now = sort.order === "ASC" ? "ascending" : "descending";
  return (
    <th scope="col" title={comment} {...(isSorted && { "aria-sort": now as "ascending" | "descending" })}>
      <button type="button" onClick={() => list.set({ sort: { field: name, order } })}>
        {worded(name)}
      </button>
    </th>
  );
}

interface PagingProps {
  readonly list: ListState;
  readonly total: number | undefined;
  /** Rows of this page. */
  readonly count: number;
}

function Paging({ list, total = 0, count }: PagingProps) {
  const { page, perPage } = list;
  const from = (page - 1) * perPage;
  const last = Math.max(1, Math.ceil(total / perPage));
  return (
    <nav aria-label="Pages" className="paging">
      <span role="status">{count === 0 ? "No rows" : `${from + 1} to ${from + count} of ${total}`}</span>
      <button type="button" disabled={page <= 1} onClick={() => list.set({ page: page - 1 })}>
        Back
      </button>
      <button type="button" disabled={page >= last} onClick={() => list.set({ page: page + 1 })}>
        Next
      </button>
      <label>
        Rows{" "}
        <select value={perPage} onChange={({ target }) => list.set({ perPage: Number(target.value) })}>
          {PAGE_SIZES.map((size) => (
            <option key={size}>{size}</option>
          ))}
        </select>
      </label>
    </nav>
  );
}
