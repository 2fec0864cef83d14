// A line of NDJSON is a row, whatever line breaks a JSON column holds: databases leave those between its tokens as they came.
import { expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { onEveryServer } from "../support/matrix.js";

const ddl = (json: string) => `CREATE TABLE notes (id INTEGER PRIMARY KEY, body ${json})`;
const document = '{\r\n  "a": "x\\ny",\n  "b": [\n1]\n}';

onEveryServer({ sqlite: ddl("JSON"), postgres: ddl("JSON"), mariadb: ddl("JSON") }, (place) => {
  test("GET /notes", async () => {
    const { knex, url } = place.db();
    await knex("notes").insert([1, 2].map((id) => ({ id, body: document })));
    const api = await createApi(url);
    try {
      const header = (name: string) => (name === "accept" ? "application/x-ndjson" : undefined);
      const body = async () => ({ kind: "parsed", value: undefined }) as const;
      const answer = await api.handle({
        method: "GET",
        path: "/notes",
        query: "",
        prefix: "",
        raw: undefined,
        header,
        body,
      });
      const lines = String(answer?.body).split("\n");
      expect(lines).toHaveLength(3);
      expect(lines.slice(0, 2).map((line) => JSON.parse(line))).toEqual(
        [1, 2].map((id) => ({ id, body: JSON.parse(document) })),
      );
    } finally {
      await api.close();
    }
  });
});
