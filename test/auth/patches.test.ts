// Patches that begin with what a row holds, under roles and with hooks.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import { requestWith } from "../../src/http/message.js";
import type { Created } from "../support/databases.js";
import { jsonRequest } from "../support/json-request.js";
import { sqlite } from "./asked.js";

const ddl = `
  CREATE TABLE notes (id INTEGER PRIMARY KEY, owner TEXT, doc JSON, secret JSON);
  INSERT INTO notes VALUES (1, 'ada', '{"a":1,"b":2}', '{"pin":1234}'), (2, 'bob', '{"a":1}', '{"pin":1}');
`;
const roles = {
  member: {
    notes: {
      operations: ["read", "update"],
      rows: { write: "owner=eq:$user.sub" },
      read: ["owner", "doc"],
      write: ["doc", "secret"],
    },
  },
} as const;

let created: Created;
let api: Api;
const seen: unknown[] = [];
beforeAll(async () => {
  created = await sqlite.create(ddl);
  const preSave = ({ body }: { body: unknown }) => void seen.push(body);
  api = await createApi(created.url, {
    ...{ roles, hooks: { preSave } },
    user: () => ({ role: "member", sub: "ada" }),
  });
});
afterAll(async () => {
  await api?.close();
  await created?.drop();
});

async function patch(id: number, type: "merge" | "json", body: unknown) {
  const header = (name: string) => (name === "content-type" ? `application/${type}-patch+json` : undefined);
  const response = await api.handle(requestWith(jsonRequest("PATCH", `/notes/${id}`, body), { header }));
  return { status: response?.status, json: JSON.parse(response?.body ?? "null") };
}

const secrets = async () => (await created.knex("notes").orderBy("id").select("secret")).map((row) => row.secret);

test.each<[string, number, "merge" | "json", unknown, number]>([
  ["a test of what it does not see", 1, "json", [{ op: "test", path: "/secret/pin", value: 1234 }], 403],
  ["a copy of what it does not see", 1, "json", [{ op: "copy", from: "/secret", path: "/doc/s" }], 403],
  ["a merge into what it does not see", 1, "merge", { secret: { pin: 1 } }, 403],
  ["a patch of a column that is only read", 1, "json", [{ op: "replace", path: "/owner", value: "bob" }], 403],
  ["a patch of another's row", 2, "json", [{ op: "remove", path: "/doc/a" }], 403],
  ["a merge of another's row", 2, "merge", { doc: { a: null } }, 403],
  ["a row that is not there", 9, "merge", { doc: { a: null } }, 404],
])("%s is refused, and nothing changed", async (_, id, type, body, status) => {
  const before = await created.knex("notes").orderBy("id");
  expect((await patch(id, type, body)).status).toBe(status);
  expect(await created.knex("notes").orderBy("id")).toEqual(before);
});

test("its own row is patched, and hooks find the whole value", async () => {
  seen.length = 0;
  expect(await patch(1, "merge", { doc: { a: null, c: 3 } })).toMatchObject({
    status: 200,
    json: { doc: { b: 2, c: 3 } },
  });
  expect(await patch(1, "json", [{ op: "add", path: "/doc/d", value: [] }])).toMatchObject({
    status: 200,
    json: { doc: { b: 2, c: 3, d: [] } },
  });
  expect(seen).toEqual([{ doc: { b: 2, c: 3 } }, { doc: { b: 2, c: 3, d: [] } }]);
  expect(await secrets()).toEqual(['{"pin":1234}', '{"pin":1}']);
});
