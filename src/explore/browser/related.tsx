// What hangs on a row by one relation: a parent or an only child as its fields, children and linked rows as a list.
import { useQuery } from "@tanstack/react-query";
import { useGetManyReference } from "ra-core";
import { Link } from "react-router-dom";
import { RefusedError } from "../../client/http.js";
import type { RaRecord } from "../../client/ra-types.js";
import type { ExploredRelation, ExploredTable } from "../model.js";
import { apiPathTo, pathTo, useExplored, worded } from "./explored.js";
import { Fields } from "./fields.js";
import { Filters } from "./filters.js";
import { NewLink, Unlink } from "./links.js";
import { useListState } from "./list-state.js";
import { NewRow } from "./new-row.js";
import { Refusal } from "./refusal.js";
import type { RelatedProps } from "./related-props.js";
import { Rows } from "./rows.js";
import { titleOf } from "./value.js";

export function Related(props: RelatedProps) {
  const other = useExplored().byName.get(props.relation.table) as ExploredTable;
  return props.relation.many ? <Many {...props} other={other} /> : <One {...props} other={other} />;
}

interface OtherProps extends RelatedProps {
  readonly other: ExploredTable;
}

function One({ table, row, relation, other }: OtherProps) {
  const { ask } = useExplored();
  const path = apiPathTo(table, row.id, relation.segment);
  const { data, error } = useQuery({ queryKey: [other.name, "one", path], queryFn: () => rowAt(path, ask) });
  if (error) return <Refusal error={error} />;
  if (data === undefined) return <p role="status">Loading…</p>;
  if (data === null)
    return (
      <>
        <p>There is none.</p>
        {relation.kind === "one-one" && relation.on && other.may.includes("create") && (
          <NewRow table={other} preset={presetOf(row, relation)} />
        )}
      </>
    );
  const id = idOf(data, other);
  return (
    <section aria-label={worded(relation.segment)}>
      <h2>
        {id === undefined ? titleOf(data, other) : <Link to={pathTo(other.name, id)}>{titleOf(data, other)}</Link>}
      </h2>
      <Fields table={other} row={data} />
    </section>
  );
}

type Row = Readonly<Record<string, unknown>>;

async function rowAt(path: string, ask: ReturnType<typeof useExplored>["ask"]): Promise<Row | null> {
  try {
    return (await ask(path)).json as Row;
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return null;
    throw error;
  }
}

/** As the provider makes them of keys. */
function idOf(row: Row, { key }: ExploredTable): string | undefined {
  const values = key.map((name) => String(row[name]));
  return key.length > 1 ? values.map(encodeURIComponent).join(",") : values[0];
}

function Many(props: OtherProps) {
  const { table, row, relation, other } = props;
  const list = useListState(other);
  const { page, perPage, sort, filter } = list;
  const found = useGetManyReference(
    other.name,
    {
      target: `${table.name}/${relation.segment}`,
      id: row.id,
      pagination: { page, perPage },
      sort,
      filter,
    },
    { placeholderData: (before) => before },
  );
  return (
    <>
      <div className="buttons">
        {relation.on && relation.may.includes("create") && <NewRow table={other} preset={presetOf(row, relation)} />}
        {relation.may.includes("link") && <NewLink {...props} />}
      </div>
      <Filters table={other} list={list} />
      <Rows
        table={other}
        list={list}
        found={found}
        caption={`${worded(relation.segment)} of ${titleOf(row, table)}`}
        without={relation.on?.map(([, theirs]) => theirs) ?? []}
        actions={
          relation.kind === "n-n" && relation.may.includes("unlink")
            ? (linked) => <Unlink {...props} linked={linked} />
            : undefined
        }
      />
    </>
  );
}

/** What makes a new row one of this row's. */
const presetOf = (row: RaRecord, { on = [] }: ExploredRelation) =>
  Object.fromEntries(on.map(([own, theirs]) => [theirs, row[own]]));
