// A step that the database refuses: what stays then, what is said, and that the same file can be applied again.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyTables } from "../../src/define/apply.js";
import { stepText } from "../../src/define/step.js";
import { wantedFromEntries } from "../../src/define/wanted.js";
import { dialectOfUrl } from "../../src/dialect/index.js";
import { type Created, databases, mysql } from "../support/databases.js";

const id = { name: "id", type: "increments" };
const entries = [
  { name: "clubs", columns: [id, { name: "motto", type: "string(20)" }], unique: ["motto"] },
  { name: "boats", columns: [id] },
];

for (const database of [...databases, mysql]) {
  describe.skipIf(database.skip)(`a step that fails on ${database.name}`, () => {
    let created: Created;
    beforeAll(async () => {
      created = await database.create(`
        CREATE TABLE clubs (id INTEGER NOT NULL PRIMARY KEY, motto VARCHAR(20));
        INSERT INTO clubs VALUES (1, 'row'), (2, 'row');
      `);
    });
    afterAll(() => created?.drop());
    const apply = () => applyTables(created.url, wantedFromEntries(entries), { options: {} });

    test("undoes those before it where the database can, and says them where not", async () => {
      const { outcome } = await apply();
      expect(outcome?.failed && stepText(outcome.failed.step)).toBe("add unique clubs(motto)");
      const kept = dialectOfUrl(created.url).definition?.atomic ? [] : ["add table boats"];
      expect(outcome?.done.map(stepText)).toEqual(kept);
      expect(await created.knex.schema.hasTable("boats")).toBe(kept.length > 0);
    });

    test("does the rest once its cause is gone", async () => {
      await created.knex("clubs").where({ id: 2 }).update({ motto: "sail" });
      expect((await apply()).outcome?.failed).toBeUndefined();
      expect((await apply()).plan.steps).toEqual([]);
      expect(await created.knex.schema.hasTable("boats")).toBe(true);
    });
  });
}
