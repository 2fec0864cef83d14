// A key of many columns that may each be kept in several ways (SQLite): how many ways there are together is a product, and bounded.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type App, anyFramework } from "../support/apps.js";
import { type Created, sqlite } from "../support/databases.js";

const names = Array.from({ length: 24 }, (_, i) => `k${i}`);
/** Each is a text, and bytes in base64. */
const values = names.map(() => "abcd");

describe.skipIf(sqlite.skip)("a key of 24 columns", () => {
  let created: Created;
  let app: App;
  beforeAll(async () => {
    created = await sqlite.create(
      `CREATE TABLE wides (${names.map((name) => `${name} TEXT NOT NULL`).join(", ")}, v INTEGER, PRIMARY KEY (${names.join(", ")}))`,
    );
    app = await anyFramework.start(created.url, {});
  });
  afterAll(async () => {
    await app?.close();
    await created?.drop();
  });
  const body = { ...Object.fromEntries(names.map((name, i) => [name, values[i]])), v: 1 };

  test("an address without a row is a 404, and an upsert makes the row and finds it again", async () => {
    expect((await app.ask(`GET /wides/${values.join(",")}`)).status).toBe(404);
    for (const v of [1, 2]) {
      const answer = await app.ask("POST /wides?on-conflict=merge", { body: { ...body, v } });
      expect(answer.status, answer.text).toBeLessThan(300);
    }
    expect((await app.ask(`GET /wides/${values.join(",")}`)).json).toEqual({ ...body, v: 2 });
  });
});
