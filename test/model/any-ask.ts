// Random requests for a world of tables and rows: lists and single rows on root and nested routes.
import { fc } from "../support/any.js";
import { listingsOf } from "./any-listing.js";
import { tableOf, type World } from "./evaluate.js";
import type { Ask } from "./query.js";
import type { Kind, Table } from "./schema.js";
import { exact, type Row, type Value } from "./value.js";

type Any<T> = fc.Arbitrary<T>;

/** The way so far; the row at its end, where there is one. */
interface Way {
  readonly at: Table;
  readonly start: Pick<Ask, "table" | "key">;
  readonly steps: Ask["steps"];
  readonly row?: Row;
  /** What made the relations that were taken: none is taken twice. */
  readonly taken: readonly string[];
}

export function anyAsk(world: World): Any<Ask> {
  const { list, single } = listingsOf(world);
  const lists = ({ at, start, steps }: Way): Any<Ask> =>
    fc.record({ list: list(at, 3), count: fc.boolean() }).map((rest) => ({ ...start, steps, ...rest }));
  const singles = ({ at, start, steps }: Way): Any<Ask> =>
    single(at, 3).map((list) => ({ ...start, steps, list, count: false }));

  /** Rows that are there three times more often than others. */
  const rowAmong = (table: Table, related: readonly Row[]): Any<{ row: Row | undefined; key: readonly Value[] }> => {
    const other = [...(world.rows[table.name] ?? []), ...(world.gone?.[table.name] ?? []), undefined].map((row) =>
      fc.constant(row),
    );
    const kind = (name: string) => table.columns.find((column) => column.name === name)?.kind ?? "text";
    return fc
      .oneof(...(related.length === 0 ? [] : [{ weight: 4, arbitrary: fc.constantFrom(...related) }]), {
        weight: 1,
        arbitrary: fc.oneof(...other),
      })
      .map((row) => ({
        row: row !== undefined && related.includes(row) ? row : undefined,
        key: table.key.map((name) => row?.[name] ?? absent[kind(name)] ?? null),
      }));
  };

  /** One relation further: to a list, to a row, and on from there. */
  const further = (way: Way): Any<Ask>[] =>
    (world.relations.get(way.at.name) ?? [])
      .filter(({ by }) => !way.taken.includes(by))
      .flatMap(({ name, to, many, by, follow }) => {
        const at = tableOf(world, to);
        const related = way.row === undefined ? [] : follow(way.row, world.rows);
        const [beyond, taken] = [way.taken.length === 0, [...way.taken, by]];
        const on = (next: Way): Any<Ask> => {
          const more = beyond ? further(next) : [];
          return fc.oneof(singles(next), ...(more.length === 0 ? [] : [fc.oneof(...more)]));
        };
        const plain: Way = { ...way, at, steps: [...way.steps, { relation: name }], taken, row: related[0] };
        if (!many) return [on(plain)];
        if (at.key.length === 0) return [lists(plain)];
        const keyed = rowAmong(at, related).chain(({ row, key }) =>
          on({ ...plain, row, steps: [...way.steps, { relation: name, key }] }),
        );
        // Most rows have few related ones: those that have some are worth more.
        return related.length === 0 ? [lists(plain), keyed] : [lists(plain), lists(plain), lists(plain), keyed];
      });

  const resources = world.schema.filter(({ link }) => link !== "bare");
  const roots = resources.map((at) => lists({ at, start: { table: at.name }, steps: [], taken: [] }));
  const rows = resources
    .filter(({ key }) => key.length > 0)
    .map((at) =>
      rowAmong(at, world.rows[at.name] ?? []).chain(({ row, key }) => {
        const way: Way = { at, start: { table: at.name, key }, steps: [], row, taken: [] };
        const more = further(way);
        return fc.oneof(singles(way), ...(more.length === 0 ? [] : [{ weight: 3, arbitrary: fc.oneof(...more) }]));
      }),
    );
  return fc.oneof(...roots, ...rows);
}

const absent: Readonly<Partial<Record<Kind, Value>>> = { integer: exact(99), text: "nowhere" };
