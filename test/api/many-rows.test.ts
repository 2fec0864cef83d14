// PATCH and DELETE on lists: how many statements they take, and the option that bounds their rows.
import { afterEach, expect, test, vi } from "vitest";
import { sqlite } from "../../src/dialect/sqlite/sqlite.js";
import { isProblem } from "../conformance/case.js";
import { ddl } from "../fixtures/community.js";
import { write } from "../support/answers.js";
import { onEveryServer } from "../support/matrix.js";

onEveryServer(
  ddl,
  (place) => {
    afterEach(() => {
      vi.restoreAllMocks();
    });

    const statements = async (work: () => Promise<unknown>): Promise<string[]> => {
      const spy = vi.spyOn(sqlite, "execute");
      await work();
      const texts = spy.mock.calls.map(([, text]) => text.replace(/ .*/s, ""));
      spy.mockRestore();
      return texts;
    };

    test("a few statements for any number of rows", async () => {
      const app = await place.app();
      await write(
        app,
        "POST /members",
        201,
        Array.from({ length: 900 }, (_, i) => ({ name: "Bulk", email: `${i}@example.org` })),
      );
      const patch = () => write(app, "PATCH /members?name=Bulk", 200, { age: { increment: 1 } });
      expect(await statements(patch)).toEqual(["SELECT", "UPDATE", ...Array(5).fill("SELECT")]);
      expect(await statements(() => write(app, "DELETE /members?name=Bulk", 204))).toEqual(["SELECT", "DELETE"]);
    });

    test("one statement for rows that hooks leave alike", async () => {
      const app = await place.app({
        hooks: { preSave: ({ body }) => void Object.assign(body, { joined: "2024-05-05" }) },
      });
      const patch = () => write(app, "PATCH /members?age=36", 200, { age: 36 });
      expect(await statements(patch)).toEqual(["SELECT", "UPDATE", "SELECT"]);
    });

    test("maxAffected: 2", async () => {
      const app = await place.app({ maxAffected: 2 });
      await write(app, "PATCH /members?age=36", 200, { age: 36 });
      isProblem(await app.ask("PATCH /members?id=gt:1", { body: { age: 1 } }), 400, "too_many_rows");
      const more = { headers: { prefer: "max-affected=100" } };
      isProblem(await app.ask("DELETE /members?id=gt:1", more), 400, "too_many_rows");
      expect((await app.ask("GET /members?age=1")).json).toEqual([]);
    });
  },
  ["sqlite"],
);
