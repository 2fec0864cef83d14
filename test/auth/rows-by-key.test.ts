// PATCH of an array under roles: nothing more than row by row.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import { type Created, databases } from "../support/databases.js";
import { jsonRequest } from "../support/json-request.js";

const ddl = `
  CREATE TABLE notes (id INTEGER PRIMARY KEY, owner VARCHAR(8), text VARCHAR(50), secret VARCHAR(20), editor VARCHAR(8));
  INSERT INTO notes VALUES (1, 'ada', 'a', 's', NULL), (2, 'bob', 'b', 's', NULL), (3, 'ada', 'c', 's', NULL), (4, 'eve', 'd', 's', NULL);
`;

const roles = {
  member: {
    notes: {
      operations: ["read", "update"],
      rows: { read: "owner=in:ada,bob", write: "owner=eq:$user.sub" },
      read: ["owner", "text"],
      write: ["owner", "text"],
      set: { editor: "$user.sub" },
    },
  },
} as const;

for (const database of databases)
  describe.skipIf(database.skip)(`on ${database.name}`, () => {
    let created: Created;
    let api: Api;
    beforeAll(async () => {
      created = await database.create(ddl);
      api = await createApi(created.url, { roles, user: () => ({ role: "member", sub: "ada" }) } as never);
    });
    afterAll(async () => {
      await api?.close();
      await created?.drop();
    });
    const standing = () => created.knex("notes").orderBy("id").select("id", "owner", "text", "secret", "editor");
    const patch = async (body: unknown) => {
      const response = await api.handle(jsonRequest("PATCH", "/notes", body));
      return { status: response?.status, json: JSON.parse(response?.body ?? "null") };
    };

    test.each<[what: string, body: readonly object[], status: number, index: number | undefined]>([
      [
        "a row that it sees and may not change",
        [
          { id: 1, text: "x" },
          { id: 2, text: "x" },
        ],
        403,
        1,
      ],
      [
        "a row that it does not see",
        [
          { id: 1, text: "x" },
          { id: 4, text: "x" },
        ],
        404,
        1,
      ],
      [
        "a row that would leave its rule",
        [
          { id: 1, text: "x" },
          { id: 3, owner: "bob" },
        ],
        403,
        undefined,
      ],
      [
        "a column that it does not know",
        [
          { id: 1, text: "x" },
          { id: 3, secret: "x" },
        ],
        400,
        undefined,
      ],
    ])("%s is refused, and nothing changed", async (_, body, status, index) => {
      const before = await standing();
      const answer = await patch(body);
      expect(answer).toMatchObject({ status, json: { status } });
      if (index !== undefined) expect(answer.json.index).toBe(index);
      expect(await standing()).toEqual(before);
    });

    test("its own rows are changed, with what is set for it", async () => {
      const answer = await patch([
        { id: 3, text: "three" },
        { id: 1, text: "one", owner: "ada" },
      ]);
      expect(answer).toEqual({
        status: 200,
        json: [
          { id: 3, owner: "ada", text: "three" },
          { id: 1, owner: "ada", text: "one" },
        ],
      });
      expect(
        (await standing()).map(({ text, secret, editor }: Record<string, unknown>) => [text, secret, editor]),
      ).toEqual([
        ["one", "s", "ada"],
        ["b", "s", null],
        ["three", "s", "ada"],
        ["d", "s", null],
      ]);
    });
  });
