// One answer of some megabytes, which is held whole: every framework sends all of it, and says its length.
import { beforeAll, expect, test } from "vitest";
import type { App } from "../support/apps.js";
import { onEveryHost } from "../support/matrix.js";

const table = "CREATE TABLE notes (id integer PRIMARY KEY, plain varchar(2000) NOT NULL, body varchar(2000) NOT NULL)";
const rows = Array.from({ length: 1_000 }, (_, id) => ({
  id,
  plain: `${id}\\"`.repeat(100),
  body: id % 2 === 0 ? `é🌲${id}`.repeat(200) : "plain ".repeat(300),
}));

onEveryHost({ sqlite: table, postgres: table, mariadb: table }, (place) => {
  let app: App;
  beforeAll(async () => {
    const { knex } = place.db();
    for (let at = 0; at < rows.length; at += 100) await knex("notes").insert(rows.slice(at, at + 100));
    app = await place.app();
  });

  test("GET /notes?limit=1000", async () => {
    const { status, headers, text, json } = await app.ask("GET /notes?limit=1000");
    expect(status).toBe(200);
    expect(json).toEqual(rows);
    expect(headers["content-length"]).toBe(String(Buffer.byteLength(text)));
    expect(headers["transfer-encoding"]).toBeUndefined();
    const head = await app.ask("HEAD /notes?limit=1000");
    expect(head.headers["content-length"]).toBe(headers["content-length"]);
  });

  test("POST /batch", async () => {
    const body = JSON.stringify([{ method: "GET", path: "/notes?limit=1000" }]);
    const headers = { "content-type": "application/json" };
    const { json } = await app.ask("POST /batch", { headers, body });
    expect(json).toEqual([expect.objectContaining({ status: 200, body: rows })]);
  });
});
