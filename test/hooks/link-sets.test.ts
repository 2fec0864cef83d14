// Hooks of a link table when a whole set is put: once for the links that go, once for those that come.
import { beforeAll, beforeEach, expect, test } from "vitest";
import { HttpError } from "../../src/http/problem.js";
import type { HookContext } from "../../src/run/hooks.js";
import { isProblem } from "../conformance/case.js";
import { ddl } from "../fixtures/community.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";

onEveryDatabase(ddl, (place) => {
  let app: App;
  let ran: [string, unknown][] = [];
  let meddle: Record<string, (context: HookContext) => unknown> = {};
  beforeAll(async () => {
    const note = (name: string) => (context: HookContext) => {
      ran.push([
        name,
        name.startsWith("post") || name === "afterCommit" ? context.operation : structuredClone(context.body),
      ]);
      return meddle[name]?.(context);
    };
    const names = ["preSave", "postSave", "preDelete", "postDelete", "afterCommit"];
    app = await place.app({
      overrides: [
        { name: "groups_members", ...Object.fromEntries(names.map((name) => [name, note(name)])) },
        {
          name: "members",
          postRead: ({ operation, result }) =>
            void (result as object[]).map((row) => Object.assign(row, { operation, email: undefined })),
        },
      ],
    });
  });
  beforeEach(async () => {
    [ran, meddle] = [[], {}];
    await place.db().knex("groups_members").where({ group_id: 5 }).delete();
    await place
      .db()
      .knex("groups_members")
      .insert([1, 2, 3].map((member_id) => ({ group_id: 5, member_id })));
  });
  const standing = async () =>
    (await place.db().knex("groups_members").where({ group_id: 5 }).orderBy("member_id").pluck("member_id")).map(
      Number,
    );
  const put = (body: unknown) => app.ask("PUT /groups/5/members", { body });

  test("each once, with its ids", async () => {
    const answer = await put([3, 4, 5]);
    expect(answer.status, answer.text).toBe(200);
    expect(ran).toEqual([
      ["preDelete", { ids: [1, 2] }],
      ["postDelete", "relink"],
      ["preSave", { ids: [4, 5] }],
      ["postSave", "relink"],
      ["afterCommit", "relink"],
      ["afterCommit", "relink"],
    ]);
    expect(await standing()).toEqual([3, 4, 5]);
  });

  test("none where nothing goes or comes", async () => {
    await put([1, 2, 3]);
    expect(ran).toEqual([]);
    await put([1, 2]);
    expect(ran.map(([name]) => name)).toEqual(["preDelete", "postDelete", "afterCommit"]);
    ran = [];
    await put([1, 2, 7]);
    expect(ran.map(([name]) => name)).toEqual(["preSave", "postSave", "afterCommit"]);
  });

  test("preSave may choose others, which must be there", async () => {
    meddle.preSave = (context) => {
      context.body.ids = [6];
    };
    await put([1, 2, 3, 4]);
    expect(await standing()).toEqual([1, 2, 3, 6]);
    meddle.preSave = (context) => {
      context.body.ids = [99];
    };
    isProblem(await put([7]), 422, "invalid_value");
    expect(await standing()).toEqual([1, 2, 3, 6]);
  });

  test("a hook that refuses undoes all of it", async () => {
    meddle.postSave = () => {
      throw new HttpError(403, "Not him.", { code: "not_him" });
    };
    isProblem(await put([7]), 403, "not_him");
    expect(await standing()).toEqual([1, 2, 3]);
  });

  test("the answer is what reading it would be, and postSave may change it", async () => {
    const { json } = await put([1, 4]);
    expect(json).toMatchObject([
      { id: 1, operation: "list" },
      { id: 4, operation: "list" },
    ]);
    expect(json[0]).not.toHaveProperty("email");
    meddle.postSave = (context) => {
      expect(context.table).toBe("groups_members");
      context.result = { linked: (context.result as unknown[]).length };
    };
    expect((await put([5, 6, 7])).json).toEqual({ linked: 3 });
  });
});
