// A change of a table → its steps, their statements on every database, and what clients would see of them. Without a database.
import { describe, expect, test } from "vitest";
import { planOf } from "../../src/define/definition-plan.js";
import { changeFrom } from "../../src/define/entry-form.js";
import { type Maker, statementsOf } from "../../src/define/statements.js";
import { stepText } from "../../src/define/step.js";
import { changeSteps } from "../../src/define/table-change.js";
import { dialects } from "../../src/dialect/index.js";
import { buildRouteTree } from "../../src/routes/build.js";
import { schemaFromConfig } from "../../src/schema/config.js";
import type { Schema, Table } from "../../src/schema/schema.js";

const schema = schemaFromConfig([
  {
    name: "clubs",
    columns: [
      { name: "id", type: "increments" },
      { name: "code", type: "string(10)" },
    ],
    unique: ["code"],
    indexes: ["code"],
  },
  {
    name: "boats",
    columns: [
      { name: "id", type: "increments" },
      { name: "club", type: "string(10)" },
      { name: "mast", type: "integer" },
    ],
    belongsTo: [{ table: "clubs", column: "club", references: "code" }],
  },
]);
const [clubs, boats] = schema.tables as [Table, Table];
const seen = (schema: Schema) => ({ schema, tree: buildRouteTree(schema, {}) });

describe.each(dialects as readonly Maker[])("$name", (dialect) => {
  const stepsOf = (table: Table, change: object) =>
    changeSteps(table, table, changeFrom(change), dialect.definition).steps;

  test("a column gets another name, and a table goes", () => {
    const drop = { do: "drop table" as const, table: boats };
    const steps = [...stepsOf(clubs, { rename: { code: "mark" } }), drop];
    expect(steps.map(stepText)).toEqual(["rename column clubs.code to mark", "drop table boats"]);
    const quoted = statementsOf(steps, dialect, schema).flat();
    expect(quoted.map(({ sql, bindings }) => [sql, ...bindings].join(" | "))).toMatchSnapshot();
  });

  test("in a schema of its own", () => {
    const steps = stepsOf({ ...clubs, id: "club.clubs", schema: "club" }, { rename: { code: "mark" } });
    const [{ sql, bindings } = { sql: "", bindings: [] }] = statementsOf(steps, dialect, schema).flat();
    expect([sql, ...bindings].join(" | ")).toMatch(/club.{1,3}clubs/);
  });

  test("keys follow the name, and clients lose the field", () => {
    const steps = stepsOf(clubs, { rename: { code: "mark" } });
    const { changes } = planOf(schema, { steps, notes: [] }, dialect, seen);
    expect(changes.filter(({ severity }) => severity === "breaking")).toEqual([
      expect.objectContaining({ at: "/clubs code" }),
    ]);
  });

  test("keys go with their columns, before them", () => {
    expect(stepsOf(boats, { drop: ["club"], add: [{ name: "sail", type: "text" }] }).map(stepText)).toEqual([
      "drop foreign key boats(club) to clubs",
      "add column boats.sail",
      "drop column boats.club",
    ]);
  });
});
