// Whatever a schema holds, no route hides another, and the tree depends on nothing but the schema.

import { describe, expect, test } from "vitest";
import { buildRouteTree } from "../../src/routes/build.js";
import { matchPath } from "../../src/routes/match.js";
import { type RouteTree, routesOf } from "../../src/routes/tree.js";
import type { Schema } from "../../src/schema/schema.js";
import { fc } from "../support/any.js";
import { schemaOf } from "../support/literal-schema.js";

const word = fc.constantFrom(
  "user",
  "Users",
  "post",
  "posts",
  "a_b",
  "user_post",
  "---",
  "%",
  "__proto__",
  "id",
  "news",
);
const odd = fc.oneof(word, fc.string({ unit: "grapheme", maxLength: 4 }));
/** Tables whose names, keys and foreign keys collide as often as they can. */
const anySchema: fc.Arbitrary<Schema> = fc
  .uniqueArray(odd, { minLength: 1, maxLength: 6 })
  .chain((names) =>
    fc.tuple(fc.constant(names), fc.array(fc.tuple(fc.nat(5), fc.nat(5), odd, fc.boolean()), { maxLength: 10 })),
  )
  .map(([names, keys]) => {
    const base = schemaOf(Object.fromEntries(names.map((_, i) => [`t${i}`, "id post_id user_id"])));
    return {
      tables: base.tables.map((table, i) => ({
        ...table,
        id: names[i] as string,
        name: names[i] as string,
        foreignKeys: keys
          .filter(([from]) => from % names.length === i)
          .map(([, to, name]) => ({
            name: null,
            columns: [name],
            table: names[to % names.length] as string,
            references: ["id"],
          })),
        uniqueKeys: keys.flatMap(([from, , name, unique]) =>
          unique && from % names.length === i ? [{ name: null, columns: [name] }] : [],
        ),
      })),
    };
  });

const anyOrder = anySchema.chain((schema) =>
  fc.tuple(fc.constant(schema), fc.shuffledSubarray([...schema.tables], { minLength: schema.tables.length })),
);

describe("on any schema", () => {
  test("every route is reached by its own path, and by no other route's", () =>
    fc.assert(
      fc.property(anySchema, fc.constantFrom("snake", "kebab", "camel"), (schema, resourceCase) => {
        const tree = buildRouteTree(schema, { resourceCase });
        const routes = routesOf(tree.root);
        expect(new Set(routes.map(({ id }) => id)).size).toBe(routes.length);
        for (const route of routes)
          expect(matchPath(tree, route.pattern.replaceAll(/:\w+/g, "1"))?.node.routes[route.method]).toBe(route);
        for (const { relations } of tree.resources)
          expect(new Set(relations.map(({ name }) => name)).size).toBe(relations.length);
      }),
    ));

  test("the order of the tables changes no path and no name", () =>
    fc.assert(
      fc.property(anyOrder, ([schema, tables]) => {
        const [one, other] = [buildRouteTree(schema), buildRouteTree({ tables })];
        const sorted = (tree: RouteTree) => routesOf(tree.root).sort((a, b) => (a.id < b.id ? -1 : 1));
        expect(sorted(other)).toEqual(sorted(one));
        expect(other.renamings).toEqual(one.renamings);
      }),
    ));

  test("the same schema makes the same tree", () =>
    fc.assert(
      fc.property(anySchema, (schema) => {
        expect(JSON.stringify(buildRouteTree(structuredClone(schema)))).toBe(JSON.stringify(buildRouteTree(schema)));
      }),
    ));
});

describe("the cost of a tree grows with its tables, not with their square", () => {
  const sized = (count: number): Schema =>
    schemaOf(
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => {
          const parents = [0, i - 1, i >> 1].map((to, n) => `p${n}_id > thing${Math.max(to, 0)}s`);
          return [`thing${i}s`, `id ${parents.join(" ")} thing${i >> 2}_id`];
        }),
      ),
    );

  test("1000 tables with 4000 foreign keys are a matter of a moment", () => {
    const schema = sized(1000);
    const start = performance.now();
    buildRouteTree(schema);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test("twice the tables are looked at little more than twice", () => {
    const looks = (count: number) => {
      let reads = 0;
      const counted = sized(count).tables.map(({ id, ...table }) => ({
        ...table,
        get id() {
          reads++;
          return id;
        },
      }));
      buildRouteTree({ tables: counted });
      return reads;
    };
    expect(looks(800)).toBeLessThan(2.6 * looks(400));
  });
});
