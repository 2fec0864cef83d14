// Random lists for a world of tables and rows: what to select, filters, sorting, a slice; rows with relations, groups, distinct.
import { fc } from "../support/any.js";
import { conditionsOf, logicOf, oneIn, remembered, sortOf, testOf } from "./any-condition.js";
import { kindOf, tableOf, type World } from "./evaluate.js";
import { type Aggregate, type Embed, type Field, fieldOf, type Item, type Listing } from "./query.js";
import { type Kind, pools, type Table } from "./schema.js";
import { exact, textOf } from "./value.js";

type Any<T> = fc.Arbitrary<T>;

const sometimes = <T>(arbitrary: Any<T>): Any<T | undefined> =>
  fc.oneof({ withCrossShrink: true }, { weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

export interface Listings {
  /** With embedded relations down to the depth. */
  list(table: Table, depth: number): Any<Listing>;
  /** For a single row: nothing but what to show of it. */
  single(table: Table, depth: number): Any<Listing>;
}

const bare = (select: readonly Item[] | undefined): Listing => ({ select, where: [], having: [], sort: [] });

export function listingsOf(world: World): Listings {
  const { condition, sorts } = conditionsOf(world);

  const common = (table: Table) => ({
    where: fc.oneof(
      { withCrossShrink: true },
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 4, arbitrary: fc.tuple(condition(table)) },
      { weight: 1, arbitrary: fc.array(condition(table), { minLength: 2, maxLength: 3 }) },
    ),
    limit: sometimes(fc.constantFrom(2, 1, 3, 5, 6, 100, 0)),
    offset: sometimes(fc.constantFrom(1, 2, 3, 0)),
  });

  const field = (table: Table): Any<Field> => {
    const names = table.columns.map(({ name }) => name);
    const column = fc.constantFrom(...names);
    return fc.oneof(
      { weight: 3, arbitrary: fc.record({ column }) },
      { weight: 1, arbitrary: fc.record({ column, alias: fc.constantFrom("one", "two", ...names) }) },
    );
  };

  const embed: (table: Table, depth: number) => Any<Embed> = remembered((table, depth) =>
    fc.oneof(
      ...(world.relations.get(table.name) ?? []).map(({ name, to, many }) => {
        const aliases = fc.constantFrom("few", "some", "more");
        // The relation may be called like a column.
        const taken = table.columns.some((column) => column.name === name);
        return fc.record({
          relation: fc.constant(name),
          many: fc.constant(many),
          alias: taken ? aliases : sometimes(aliases),
          inner: oneIn(6),
          list: many ? list(tableOf(world, to), depth) : selection(tableOf(world, to), depth).map(bare),
        });
      }),
    ),
  );

  const selection: (table: Table, depth: number) => Any<readonly Item[]> = remembered((table, depth) => {
    const items: fc.WeightedArbitrary<Item>[] = [
      { weight: 3, arbitrary: field(table) },
      { weight: 1, arbitrary: fc.constant("*") },
    ];
    const hasRelations = (world.relations.get(table.name) ?? []).length > 0;
    if (depth > 0 && hasRelations) items.push({ weight: 3, arbitrary: embed(table, depth - 1) });
    const selector = (item: Item) => (item === "*" ? item : fieldOf(item));
    return fc
      .uniqueArray(fc.oneof(...items), { minLength: 1, maxLength: 4, selector })
      .map((all) => (all.includes("*") ? all.filter((item) => item === "*" || !hides(table, item)) : all));
  });

  const ofRows = (table: Table, depth: number): Any<Listing> =>
    fc.record({
      ...common(table),
      select: depth < 3 ? selection(table, depth) : fc.option(selection(table, depth), { nil: undefined, freq: 3 }),
      having: fc.constant([]),
      sort: sorts(table),
    });

  const ofGroups = (table: Table): Any<Listing> =>
    fc
      .tuple(
        fc.uniqueArray(fc.oneof(field(table), aggregateOf(table)), { minLength: 1, maxLength: 4, selector: fieldOf }),
        oneIn(4),
      )
      .chain(([items, distinct]) => {
        const plain = items.filter((item): item is Field => !("aggregate" in item));
        const alone = plain.length === items.length || (distinct && plain.length > 0);
        const select = alone ? plain : items;
        const having = select.map((item) =>
          testOf(fieldOf(item), kindOf(table, item), fc.constantFrom(...results[kindOf(table, item)])),
        );
        return fc.record({
          ...common(table),
          select: fc.constant(select),
          distinct: fc.constant(alone),
          having: alone ? fc.constant([]) : fc.array(logicOf(fc.oneof(...having), 1), { maxLength: 2 }),
          sort: fc.uniqueArray(sortOf(select.map(fieldOf)), { maxLength: 2, selector: ({ column }) => column }),
        });
      });

  const list: Listings["list"] = remembered((table, depth) =>
    fc.oneof({ weight: 4, arbitrary: ofRows(table, depth) }, { weight: 1, arbitrary: ofGroups(table) }),
  );

  return { list, single: (table, depth) => selection(table, depth).map(bare) };
}

/** Would the item stand in the place of a column that `*` shows? */
const hides = ({ columns }: Table, item: Exclude<Item, "*">): boolean =>
  columns.some(({ name }) => name === fieldOf(item) && !("column" in item && item.column === name));

/** What columns and their totals may come to. */
const results: Readonly<Record<Kind, readonly string[]>> = {
  ...(Object.fromEntries(Object.entries(pools).map(([kind, values]) => [kind, values.map(textOf)])) as Record<
    Kind,
    string[]
  >),
  integer: [0, 1, 2, 3, 4, 5, 7, 10, 9007199254740993n].map((units) => textOf(exact(units))),
  float: ["0", "1", "0.5", "0.75", "-2.25", "250.4375"],
  decimal: ["0", "1", "1.5", "2.5", "0.333333", "3.4", "0.01", "100.99"],
};

function aggregateOf({ columns }: Table): Any<Aggregate> {
  const alias = sometimes(fc.constantFrom("n", "least", "most", "mean"));
  const aggregates = columns.flatMap(({ name, kind }) => {
    const numeric = kind === "integer" || kind === "decimal" || kind === "float";
    const known = ["count", ...(numeric ? ["sum", "avg"] : []), ...(kind === "boolean" ? [] : ["min", "max"])];
    return fc.record({
      aggregate: fc.constantFrom(...(known as Aggregate["aggregate"][])),
      column: fc.constant(name),
      alias,
    });
  });
  return fc.oneof(fc.record({ aggregate: fc.constant("count" as const), alias }), ...aggregates);
}
