// The page of a row: its fields, and as tabs what hangs on it. Their addresses are the API's nested paths.
import { useGetOne } from "ra-core";
import { Link } from "react-router-dom";
import type { ExploredTable } from "../model.js";
import { apiPathTo, pathTo, worded } from "./explored.js";
import { Fields } from "./fields.js";
import { Heading } from "./heading.js";
import { Refusal } from "./refusal.js";
import { Related } from "./related.js";
import { Routine } from "./routine.js";
import { RowButtons } from "./row-buttons.js";
import { titleOf } from "./value.js";

interface RowPageProps {
  readonly table: ExploredTable;
  readonly id: string;
  /** The tab: a relation's segment in the path. */
  readonly segment: string | undefined;
}

export function RowPage({ table, id, segment }: RowPageProps) {
  const { data: row, error } = useGetOne(table.name, { id });
  if (error) return <Refusal error={error} />;
  if (row === undefined) return <p role="status">Loading…</p>;
  const relation = table.relations.find((one) => one.segment === segment);
  const routine = table.routines.find((one) => one.segment === segment);
  const called = titleOf(row, table);
  const title = called === id ? `${table.noun} ${id}` : `${table.noun} ${id}: ${called}`;
  return (
    <>
      <p className="up">
        <Link to={pathTo(table.name)}>{table.name}</Link>
      </p>
      <Heading title={title}>
        <RowButtons table={table} row={row} title={title} />
      </Heading>
      {table.relations.length + table.routines.length > 0 && (
        <nav aria-label="Parts of this row" className="tabs">
          <Tab to={pathTo(table.name, id)} isCurrent={relation === undefined && routine === undefined} text="row" />
          {[...table.relations, ...table.routines].map((one) => (
            <Tab
              key={one.segment}
              to={pathTo(table.name, id, one.segment)}
              isCurrent={one === relation || one === routine}
              text={worded(one.segment)}
            />
          ))}
        </nav>
      )}
      {routine && <Routine key={routine.segment} routine={routine} path={apiPathTo(table, row.id, routine.segment)} />}
      {relation && <Related key={relation.segment} table={table} row={row} relation={relation} />}
      {!routine && !relation && <Fields table={table} row={row} isPlaced />}
    </>
  );
}

interface TabProps {
  readonly to: string;
  readonly isCurrent: boolean;
  readonly text: string;
}

const Tab = ({ to, isCurrent, text }: TabProps) => (
  <Link to={to} {...(isCurrent && { "aria-current": "page" as const })}>
    {text}
  </Link>
);
