// Random conditions and sortings for a world of tables and rows, in pieces that fast-check can make small.
import { fc } from "../support/any.js";
import { tableOf, type World } from "./evaluate.js";
import type { Condition, Sort, Test } from "./query.js";
import type { Relation } from "./relations.js";
import { type Column, type Kind, pools, type Table } from "./schema.js";
import { textOf } from "./value.js";

type Any<T> = fc.Arbitrary<T>;

/** One for each table and depth: a world's arbitraries are a graph. */
export function remembered<T>(make: (table: Table, depth: number) => Any<T>): (table: Table, depth: number) => Any<T> {
  const made = new Map<string, Any<T>>();
  return (table, depth) => {
    const name = `${table.name} ${depth}`;
    const known = made.get(name) ?? make(table, depth);
    made.set(name, known);
    return known;
  };
}

export const oneIn = (count: number): Any<boolean> => fc.nat(count - 1).map((n) => n === count - 1);

const comparing = "eq eq ne lt le lte gt ge gte".split(" ");

/** A test of one column or field by any operator that its kind has. */
export function testOf(column: string, kind: Kind, value: Any<string>): Any<Test> {
  const some = {
    path: fc.constant([]),
    column: fc.constant(column),
    not: oneIn(4),
    bare: fc.boolean(),
    quoted: oneIn(4),
  };
  const of = (operator: Any<string>, operands: Any<string[]>) => fc.record({ ...some, operator, operands });
  const tests = [
    of(fc.constantFrom(...comparing), fc.tuple(value)),
    of(fc.constantFrom(...comparing), fc.tuple(value)),
    of(fc.constantFrom("in", "nin"), fc.array(value, { maxLength: 3 })),
    of(fc.constant("between"), fc.tuple(value, value)),
    of(fc.constant("is"), fc.tuple(fc.constantFrom("null", "notnull"))),
  ];
  // What decimals and booleans look like as text is each database's affair.
  if (["text", "integer", "date"].includes(kind)) {
    tests.push(of(fc.constantFrom("contains", "startswith", "endswith"), fc.tuple(value.chain(pieceOf))));
    tests.push(of(fc.constantFrom("like", "ilike"), fc.tuple(value.chain(patternOf))));
  }
  return fc.oneof(...tests);
}

const pieceOf = (text: string): Any<string> => {
  const letters = [...text];
  return fc.tuple(fc.nat(letters.length), fc.nat(letters.length)).map((ends) => {
    const [from = 0, to] = ends.toSorted((a, b) => a - b);
    return letters.slice(from, to).join("");
  });
};

/** Some characters of the text as wildcards or in the other case, the rest literally. */
const patternOf = (text: string): Any<string> => {
  const forms = [...text].map((letter) =>
    fc.constantFrom(
      letter.replace(/[\\%_]/g, "\\$&"),
      letter.replace(/[\\%_]/g, "\\$&"),
      "_",
      "%",
      "",
      otherCase(letter),
    ),
  );
  return fc
    .tuple(fc.constantFrom("", "%"), fc.tuple(...forms), fc.constantFrom("", "%"))
    .map((parts) => parts.flat().join(""));
};

const otherCase = (letter: string): string =>
  /[a-z]/.test(letter) ? letter.toUpperCase() : letter.toLowerCase().replace(/[\\%_]/g, "\\$&");

export const logicOf = (test: Any<Test>, depth: number): Any<Condition> =>
  depth === 0
    ? test
    : fc.oneof(
        { weight: 4, arbitrary: test },
        {
          weight: 1,
          arbitrary: fc.record({
            logic: fc.constantFrom("and" as const, "or" as const, "or" as const),
            not: oneIn(3),
            of: fc.array(logicOf(test, depth - 1), { minLength: 1, maxLength: 3 }),
          }),
        },
      );

export const sortOf = (columns: readonly string[]): Any<Sort> =>
  fc.record(
    {
      path: fc.constant([]),
      column: fc.constantFrom(...columns),
      direction: fc.constantFrom("asc", "desc"),
      nulls: fc.constantFrom("nullsfirst", "nullslast"),
    },
    { requiredKeys: ["path", "column"] },
  );

export interface Conditions {
  /** On a row of the table, through up to two relations. */
  condition(table: Table): Any<Condition>;
  sorts(table: Table): Any<readonly Sort[]>;
}

export function conditionsOf(world: World): Conditions {
  const valueAt = (table: Table, { name, kind }: Column): Any<string> => {
    const present = (world.rows[table.name] ?? []).map((row) => row[name] ?? null).filter((value) => value !== null);
    return fc.constantFrom(...[...present, ...present, ...pools[kind]].map(textOf));
  };

  /** Of the table's own columns, and of those behind its relations down to a depth. */
  const through = <T extends Test | Sort>(own: (table: Table) => Any<T>, follows: (relation: Relation) => boolean) => {
    const of: (table: Table, depth: number) => Any<T> = remembered((table, depth) => {
      const relations = depth === 0 ? [] : (world.relations.get(table.name) ?? []).filter(follows);
      if (relations.length === 0) return own(table);
      const there = relations.map(({ name, to }) =>
        of(tableOf(world, to), depth - 1).map((it) => ({ ...it, path: [name, ...it.path] })),
      );
      return fc.oneof({ weight: 2, arbitrary: own(table) }, { weight: 1, arbitrary: fc.oneof(...there) });
    });
    return of;
  };

  const test = through<Test>(
    (table) => fc.oneof(...table.columns.map((it) => testOf(it.name, it.kind, valueAt(table, it)))),
    () => true,
  );
  const sort = through<Sort>(
    (table) => sortOf(table.columns.map(({ name }) => name)),
    ({ many }) => !many,
  );
  const nameOf = ({ path, column }: Sort) => [...path, column].join(".");

  return {
    condition: (table) => logicOf(test(table, 2), 2),
    sorts: (table) =>
      fc.uniqueArray(sort(table, 2), { maxLength: 3, selector: nameOf }).map((sorts) => {
        if (table.key.length > 0) return sorts;
        // Rows without a key have no order of their own: they are sorted by all they have.
        const said = new Set(sorts.map(nameOf));
        const rest = table.columns.filter(({ name }) => !said.has(name));
        return [...sorts, ...rest.map(({ name }) => ({ path: [], column: name }))];
      }),
  };
}
