// A long list as CSV is made in turns with everything else that the process does.
import { expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { onEveryDatabase } from "../support/matrix.js";

const ddl = "CREATE TABLE notes (id INTEGER PRIMARY KEY, body VARCHAR(3000))";
const ROWS = 1_000;
const body = "x".repeat(3_000);

onEveryDatabase(
  { sqlite: ddl, postgres: ddl, mariadb: ddl },
  (place) => {
    test("others have the event loop between its pieces", async () => {
      const rows = Array.from({ length: ROWS }, (_, id) => ({ id, body }));
      for (let at = 0; at < ROWS; at += 100)
        await place
          .db()
          .knex("notes")
          .insert(rows.slice(at, at + 100));
      const api = await createApi(place.db().url);
      try {
        let turns = 0;
        let open = true;
        const count = () => {
          turns++;
          if (open) setImmediate(count);
        };
        const header = (name: string) => (name === "accept" ? "text/csv" : undefined);
        const request = { method: "GET", path: "/notes", query: "limit=1000", prefix: "", raw: undefined };
        const asked = api.handle({ ...request, header, body: async () => ({ kind: "parsed", value: undefined }) });
        setImmediate(count);
        const text = (await asked)?.body;
        open = false;
        expect(text).toBe(`id,body\r\n${rows.map(({ id }) => `${id},${body}\r\n`).join("")}`);
        // 3 MB, of which 128 KiB are made at once.
        expect(turns).toBeGreaterThan(20);
      } finally {
        await api.close();
      }
    });
  },
  ["sqlite"],
);
