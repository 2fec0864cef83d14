// Names that are SQL keywords, or hold spaces, quotes, dots, placeholders and capitals.
import { beforeAll, describe, expect, test } from "vitest";
import { ddl } from "../fixtures/shapes.js";
import { answers, refuses, write } from "../support/answers.js";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

const quoted = 'it\'s ~a~ "name"';
const enc = encodeURIComponent;

onEveryServer(ddl, (place) => {
  let app: App;
  beforeAll(async () => {
    app = await place.app();
  });
  const order = { id: 1, select: "*", group: 1, from: "there", where: 2 };

  answers(() => app, {
    "GET /orders/1": order,
    "GET /orders?select=*": [order],
    "GET /orders?group=1&from=there&where=gt:1": [order],
    "GET /orders?order-by=group:asc,select:desc": [order],
    "GET /orders/1/selects": [{ id: 1, limit: 5, "order-by": "x", order_id: 1 }],
    "GET /selects/1/order": order,
    "GET /groups?table=t&user=u": [{ id: 1, table: "t", user: "u" }],
    "GET /limits/1": { id: 1, offset: 1, count: 2 },
    "GET /two_words/7": { "The Key": 7, [quoted]: "q", "dot.ted": "d", CamelCase: "C" },
    [`GET /two_words?${enc(quoted)}=q`]: [{ "The Key": 7, [quoted]: "q", "dot.ted": "d", CamelCase: "C" }],
    "GET /two_words?dot.ted=d": [{ "The Key": 7, [quoted]: "q", "dot.ted": "d", CamelCase: "C" }],
    "GET /two_words?The%20Key=7&order-by=dot.ted:asc": [
      { "The Key": 7, [quoted]: "q", "dot.ted": "d", CamelCase: "C" },
    ],
    "GET /two_words?The+Key=in:6,7&CamelCase=like:C%25": [
      { "The Key": 7, [quoted]: "q", "dot.ted": "d", CamelCase: "C" },
    ],
    "GET /v1_users": [{ id: 1, "Two Words": 7, "%": 100 }],
    "GET /v1_users?%25=100": [{ id: 1, "Two Words": 7, "%": 100 }],
    "GET /v1_users?order-by=%25": [{ id: 1, "Two Words": 7, "%": 100 }],
    "GET /two_words/7/v1_users/1": { id: 1, "Two Words": 7, "%": 100 },
    "GET /v1_users/1/two_words": { "The Key": 7, [quoted]: "q", "dot.ted": "d", CamelCase: "C" },
    "GET /say_his?$1=one&%3F=what&:x=named": [{ id: 1, $1: "one", "?": "what", ":x": "named" }],
    "GET /say_his?$1=like:o%25&%3F=in:what,else": [{ id: 1, $1: "one", "?": "what", ":x": "named" }],
  });
  refuses(
    () => app,
    [
      ["GET /two_words?camelcase=C", 400, "unknown_column"],
      ["GET /two_words?thekey=7", 400, "unknown_column"],
      [`GET /two_words?${enc('x" OR 1=1 --')}=1`, 400, "unknown_column"],
      ["POST /two_words", 409, "unique_violation", { "The Key": 7 }],
    ],
  );

  const bodies: [path: string, body: Record<string, unknown>, change: Record<string, unknown>, key: string][] = [
    ["/orders", { select: "s", group: 2, from: "f", where: 3 }, { where: null }, "id"],
    ["/orders/1/selects", { limit: 1, "order-by": "y" }, { limit: 2 }, "id"],
    ["/groups", { table: "x", user: "y" }, { user: "z" }, "id"],
    ["/limits", { offset: 3, count: 4 }, { count: null }, "id"],
    [
      "/two_words",
      { "The Key": 8, [quoted]: "a", "dot.ted": "b", CamelCase: "c" },
      { [quoted]: "d", "dot.ted": "e" },
      "The Key",
    ],
    ["/two_words/7/v1_users", { "%": 5 }, { "%": 6 }, "id"],
    ["/say_his", { $1: "a", "?": "b", ":x": "c" }, { "?": "$1", ":x": "?" }, "id"],
  ];
  describe("writes", () => {
    for (const [path, body, change, key] of bodies) {
      test(`POST, PATCH, PUT, DELETE ${path}`, async () => {
        const made = await write(app, `POST ${path}`, 201, body);
        expect(made.json).toMatchObject(body);
        const row = `${path}/${made.json[key]}`;
        expect(made.headers.location).toBe(`/api${row}`);
        expect((await write(app, `PATCH ${row}`, 200, change)).json).toEqual({ ...made.json, ...change });
        const put = await write(app, `PUT ${row}`, 200, body);
        expect(put.json).toEqual(made.json);
        await write(app, `DELETE ${row}`, 204);
      });
    }

    test("POST /orders falls back to the default of a column called from", async () => {
      const made = await write(app, "POST /orders", 201, {});
      expect(made.json).toMatchObject({ select: null, from: "here" });
      await write(app, `DELETE /orders/${made.json.id}`, 204);
    });
  });
});
