// Random writes that are only tried: bodies with columns and rows that the role may not see.

import { anyAsk } from "../../model/any-ask.js";
import type { World } from "../../model/evaluate.js";
import { type Ask, pathOf, queryOf } from "../../model/query.js";
import type { Rows } from "../../model/rows.js";
import { pools, type Table } from "../../model/schema.js";
import { isExact, type Row, textOf, type Value } from "../../model/value.js";
import { fc } from "../../support/any.js";
import type { Sent } from "./sent.js";

type Any<T> = fc.Arbitrary<T>;

const jsonOf = (value: Value): unknown => (value !== null && isExact(value) ? textOf(value) : value);

export function anyWrite(world: World, other: Rows): Any<Sent> {
  const tables = world.schema.filter(({ link, key }) => link !== "bare" && key.length > 0);
  const body = (table: Table): Any<Record<string, unknown>> =>
    fc
      .subarray([...table.columns])
      .chain((columns) =>
        fc.tuple(
          ...columns.map(({ name, kind }) =>
            fc.constantFrom(...pools[kind].slice(0, 4)).map((value) => [name, jsonOf(value)] as const),
          ),
        ),
      )
      .map((pairs) => Object.fromEntries(pairs));
  const whole = (table: Table): Any<Record<string, unknown>> => {
    const rows = [...(world.rows[table.name] ?? []), ...(other[table.name] ?? [])];
    const copies = rows.map((row: Row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, jsonOf(value)])),
    );
    return copies.length === 0
      ? body(table)
      : fc.tuple(fc.constantFrom(...copies), body(table)).map(([row, more]) => ({ ...row, ...more }));
  };
  const keyed = (table: Table): Any<string> => {
    const rows = [...(world.rows[table.name] ?? []), ...(other[table.name] ?? [])];
    const keys = rows.map((row) => table.key.map((name) => encodeURIComponent(textOf(row[name] ?? null))).join(","));
    return fc.constantFrom("77", ...keys);
  };
  const prefer = fc.constantFrom(
    "tx=rollback",
    "tx=rollback, return=minimal",
    "tx=rollback, return=representation",
    "tx=rollback, resolution=upsert",
  );
  const sent = (parts: Any<Pick<Sent, "method" | "path" | "query" | "body">>): Any<Sent> =>
    fc.tuple(parts, prefer).map(([one, prefer]) => ({ ...one, headers: { prefer } }));
  const filtered = anyAsk(world).filter((ask: Ask) => ask.list.where.length > 0 && ask.list.select === undefined);
  const one = (table: Table) => [
    sent(
      fc.record({
        method: fc.constant("POST"),
        path: fc.constant(`/${table.name}`),
        query: fc.constantFrom(
          "",
          "",
          "on-conflict=merge",
          "on-conflict=ignore",
          `on-conflict=merge&conflict-columns=tag`,
        ),
        body: fc.oneof(whole(table), fc.array(whole(table), { maxLength: 2 })),
      }),
    ),
    sent(
      fc.record({
        method: fc.constantFrom("PUT", "PATCH"),
        path: keyed(table).map((key) => `/${table.name}/${key}`),
        query: fc.constant(""),
        body: fc.oneof(whole(table), body(table)),
      }),
    ),
    sent(
      fc.record({
        method: fc.constant("DELETE"),
        path: keyed(table).map((key) => `/${table.name}/${key}`),
        query: fc.constant(""),
      }),
    ),
  ];
  const many = sent(
    fc
      .tuple(filtered, fc.constantFrom("PATCH", "DELETE"), fc.constantFrom(...world.schema).chain(body))
      .map(([ask, method, said]) => ({
        method,
        path: pathOf(ask),
        query: queryOf({ ...ask, count: false, list: { ...ask.list, sort: [], limit: undefined, offset: undefined } }),
        ...(method === "PATCH" && { body: said }),
      })),
  );
  return fc.oneof(...tables.flatMap(one), many);
}
