// `applyTables` on real databases: a config map in, tables made and changed; twice is nothing.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { applyTables } from "../../src/define/apply.js";
import { stepText } from "../../src/define/step.js";
import { wantedFromEntries } from "../../src/define/wanted.js";
import type { TableEntry } from "../../src/schema/config.js";
import { type Created, databases, mysql, type TestDatabase } from "../support/databases.js";
import { jsonRequest } from "../support/json-request.js";
import { tables } from "./tables.js";

const apply = (url: string, entries: readonly TableEntry[], more: { drop?: boolean; dryRun?: boolean } = {}) =>
  applyTables(url, wantedFromEntries(entries), { options: {}, ...more });

const servers: readonly TestDatabase<"sqlite" | "postgres" | "mariadb" | "mysql">[] = [...databases, mysql];

for (const database of servers) {
  describe.skipIf(database.skip)(`tables made on ${database.name}`, () => {
    let created: Created;
    beforeAll(async () => {
      created = await database.create();
    });
    afterAll(() => created?.drop());

    test("a dry run says the statements, and does nothing", async () => {
      const { plan, outcome } = await apply(created.url, tables, { dryRun: true });
      expect(outcome).toBeUndefined();
      expect(plan.steps.map(stepText).slice(0, 4).sort()).toEqual(
        ["albums", "albums_people", "people", "tracks"].map((name) => `add table ${name}`),
      );
      expect(
        plan.statements
          .flat()
          .map(({ sql }) => sql)
          .join("\n"),
      ).toMatch(/create table .albums/);
      expect(await created.knex.schema.hasTable("albums")).toBe(false);
    });

    test("once makes them, twice is nothing", async () => {
      const first = await apply(created.url, tables);
      expect(first.outcome?.failed).toBeUndefined();
      expect(first.plan.notes).toEqual([]);
      const second = await apply(created.url, tables);
      expect(second.plan.steps.map(stepText)).toEqual([]);
      expect(second.plan.notes).toEqual([]);
    });

    test("the API answers from them", async () => {
      const api = await createApi(created.url);
      const send = async (method: string, address: string, body?: unknown) => {
        const response = await api.handle(jsonRequest(method, address, body));
        return { status: response?.status, body: JSON.parse(String(response?.body || "null")) };
      };
      expect((await send("POST", "/albums", { title: "Blue" })).status).toBe(201);
      const track = await send("POST", "/albums/1/tracks", { title: "All I Want" });
      expect(track).toMatchObject({
        status: 201,
        body: { id: 1, price: 0.99, is_live: false, mood: "it's ?", plays: 0, heard_at: null },
      });
      expect(track.body.seen_at).toMatch(/^20\d\d-/);
      expect((await send("POST", "/albums/1/tracks", { title: "All I Want" })).body.code).toBe("unique_violation");
      expect((await send("DELETE", "/albums/1")).status).toBe(204);
      expect((await send("GET", "/tracks")).body).toEqual([]);
      await api.close();
    });

    test("a wider file changes what is there", async () => {
      const wider = tables.map((table) =>
        table.name === "people"
          ? {
              ...table,
              columns: [...(table.columns ?? []), { name: "nick", type: "string(20)", notNull: true, default: "?" }],
              indexes: ["nick"],
            }
          : table,
      );
      const first = await apply(created.url, [
        ...wider,
        { name: "labels", columns: [{ name: "id", type: "increments" }] },
      ]);
      expect(first.outcome?.failed).toBeUndefined();
      expect(first.outcome?.done.map(stepText)).toEqual([
        "add table labels",
        "add column people.nick",
        "add index people(nick)",
      ]);
      expect(first.plan.changes.map(({ severity }) => severity)).not.toContain("breaking");
      expect((await apply(created.url, wider)).plan.steps).toEqual([]);
    });

    test("what the file does not name stays, and is said", async () => {
      const { plan } = await apply(created.url, tables);
      expect(plan.steps).toEqual([]);
      expect(plan.notes).toEqual(["people keeps what is not wanted: the index (nick), nick"]);
    });

    test("a column becomes another and goes", async () => {
      const nick = { name: "nick", type: "string(30)" };
      const changed = tables.map((table) =>
        table.name === "people" ? { ...table, columns: [...(table.columns ?? []), nick] } : table,
      );
      const first = await apply(created.url, changed, { drop: true });
      expect(first.outcome?.failed).toBeUndefined();
      const change = "change column people.nick: type, not null, default";
      expect(first.plan.steps.map(stepText)).toEqual(["drop index people(nick)", change]);
      expect((await apply(created.url, changed, { drop: true })).plan.steps).toEqual([]);

      const last = await apply(created.url, tables, { drop: true });
      expect(last.plan.steps.map(stepText)).toEqual(["drop column people.nick"]);
      expect(last.outcome?.failed).toBeUndefined();
      expect(await created.knex.schema.hasColumn("people", "nick")).toBe(false);
    });
  });
}
