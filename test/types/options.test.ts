// What tsc says about options: `npm run check` fails where one of these lines is no longer true. A `@ts-expect-error`
// stands above what must not be accepted, one mistake a line.
import type { Knex } from "knex";
import type {
  Api,
  ApiOptions,
  BelongsToEntry,
  ColumnEntry,
  createApi,
  RoutineOverride,
  Schema,
  TableEntry,
  TableOptions,
} from "sapwood";
import { expectTypeOf, test } from "vitest";

test("every option of the contract is taken, in each of its forms", () => {
  expectTypeOf<ApiOptions["tableNamePlural"]>().toEqualTypeOf<boolean | undefined>();
  expectTypeOf<ApiOptions["resourcePathPlural"]>().toEqualTypeOf<boolean | undefined>();
  expectTypeOf<ApiOptions["resourceCase"]>().toEqualTypeOf<"snake" | "kebab" | "camel" | "preserve" | undefined>();
  expectTypeOf<ApiOptions["classifyBy"]>().toEqualTypeOf<"both" | "constraints" | "names" | undefined>();
  expectTypeOf<ApiOptions["schema"]>().toEqualTypeOf<string | readonly string[] | undefined>();
  expectTypeOf<ApiOptions["include"]>().toEqualTypeOf<readonly string[] | undefined>();
  expectTypeOf<ApiOptions["exclude"]>().toEqualTypeOf<readonly string[] | undefined>();
  expectTypeOf<ApiOptions["tables"]>().toEqualTypeOf<readonly TableOptions[] | undefined>();
  expectTypeOf<ApiOptions["overrides"]>().toEqualTypeOf<readonly (TableOptions | RoutineOverride)[] | undefined>();
  expectTypeOf<ApiOptions["depth"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<ApiOptions["defaultLimit"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<ApiOptions["maxLimit"]>().toEqualTypeOf<number | undefined>();

  // A frozen literal, as a config file has it.
  const legacy = {
    depth: 3,
    overrides: [
      {
        name: "TBL_KUNDE",
        resource: "customers",
        columns: [{ name: "KD_NR", as: "id", type: "integer", notNull: true, default: null }],
        primaryKey: "KD_NR",
        relationTypes: ["root", "one-n"],
        belongsTo: ["TBL_ORT", { table: "TBL_ORT", column: ["A", "B"], references: ["A", "B"], as: "home" }],
        preSave: () => undefined,
        afterCommit: [async () => undefined],
      },
    ],
  } as const;
  expectTypeOf(legacy).toExtend<ApiOptions>();
  expectTypeOf<Record<never, never>>().toExtend<ApiOptions>();
});

test("a slip of the hand is a compile error", () => {
  const wrong: ApiOptions[] = [
    // @ts-expect-error no such option
    { resourcePlural: false },
    // @ts-expect-error no such case
    { resourceCase: "pascal" },
    // @ts-expect-error no such evidence
    { classifyBy: "guess" },
    // @ts-expect-error a number is wanted
    { maxLimit: "1000" },
    // @ts-expect-error a list is wanted
    { exclude: "users" },
    // @ts-expect-error a table entry has a name
    { tables: [{ columns: [{ name: "id" }] }] },
    // @ts-expect-error no such hook
    { hooks: { beforeSave: () => undefined } },
    // @ts-expect-error a hook is a function
    { hooks: { preSave: "log" } },
  ];
  const entries: TableEntry[] = [
    // @ts-expect-error no such relation type
    { name: "a", relationTypes: ["n-to-n"] },
    // @ts-expect-error a column entry has a name
    { name: "a", columns: [{ type: "text" }] },
    // @ts-expect-error a relation says its column
    { name: "a", belongsTo: [{ table: "b" }] },
    // @ts-expect-error hooks stand in table options, not in a plain entry
    { name: "a", preSave: () => undefined },
  ];
  expectTypeOf(wrong).not.toBeAny();
  expectTypeOf(entries).not.toBeAny();
  expectTypeOf<ColumnEntry["name"]>().toEqualTypeOf<string>();
  expectTypeOf<BelongsToEntry["column"]>().toEqualTypeOf<string | readonly string[]>();
});

test("createApi takes a connection string, a knex config or a knex instance", () => {
  expectTypeOf<typeof createApi>().parameter(0).toEqualTypeOf<string | Knex | Knex.Config | undefined>();
  expectTypeOf<typeof createApi>().parameter(1).toEqualTypeOf<ApiOptions | undefined>();
  expectTypeOf<typeof createApi>().returns.toEqualTypeOf<Promise<Api>>();
  expectTypeOf<Api["schema"]>().toEqualTypeOf<Schema>();
  expectTypeOf<Api["close"]>().returns.toEqualTypeOf<Promise<void>>();
});

test("what was built is plain data that nobody may change", () => {
  const change = (api: Api) => {
    // @ts-expect-error read only
    api.schema.tables = [];
    // @ts-expect-error read only
    api.schema.tables.push(undefined as never);
    // @ts-expect-error read only
    api.tree.root.routes = {};
  };
  expectTypeOf(change).not.toBeAny();
});
