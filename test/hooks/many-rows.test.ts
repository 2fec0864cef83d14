// PATCH and DELETE on a list: hooks run for each row as for a request of its own, all in the one transaction.
import { beforeAll, beforeEach, expect, test } from "vitest";
import { HttpError } from "../../src/http/problem.js";
import type { HookContext, Hooks } from "../../src/run/hooks.js";
import { ddl } from "../fixtures/community.js";
import { write } from "../support/answers.js";
import type { App } from "../support/apps.js";
import { onEveryHost } from "../support/matrix.js";

onEveryHost(ddl, (place) => {
  let hooks: Hooks;
  let seen: unknown[];
  let app: App;
  beforeAll(async () => {
    const run = (name: keyof Hooks) => async (context: HookContext) => {
      const { table, relation, operation, params } = context;
      seen.push([name, table, relation, operation, params]);
      await (hooks[name] as CallableFunction | undefined)?.(context);
    };
    const names = ["preSave", "postSave", "preDelete", "postDelete", "afterCommit"] as const;
    app = await place.app({ hooks: Object.fromEntries(names.map((name) => [name, run(name)])) });
  });
  beforeEach(() => {
    hooks = {};
    seen = [];
  });
  const count = async (table: string, where: object) => (await place.db().knex(table).where(where)).length;

  test("PATCH /members?age=36", async () => {
    const answer = await write(app, "PATCH /members?age=36", 200, { name: "Same" });
    const context = (id: string) => ["members", "root", "update", { id }];
    expect(seen).toEqual([
      ...[
        ["preSave", ...context("1")],
        ["preSave", ...context("4")],
      ],
      ...[
        ["postSave", ...context("1")],
        ["postSave", ...context("4")],
      ],
      ...[
        ["afterCommit", ...context("1")],
        ["afterCommit", ...context("4")],
      ],
    ]);
    expect(answer.json).toMatchObject([{ name: "Same" }, { name: "Same" }]);
  });

  test("PATCH /countries/3/members?id=gt:4 of bodies and answers that the hooks make for each", async () => {
    hooks = {
      preSave: (context) => {
        context.body.name = `${context.body.name} ${context.params.memberId}`;
      },
      postSave: (context) => {
        context.result = { ...(context.result as object), seen: true };
      },
    };
    const answer = await write(app, "PATCH /countries/3/members?id=gt:4", 200, { name: "No" });
    expect(answer.json).toMatchObject([
      { id: 10, name: "No 10", seen: true },
      { id: 11, name: "No 11", seen: true },
    ]);
    expect(await count("members", { id: 11, name: "No 11" })).toBe(1);
    expect(seen.filter((each) => (each as string[])[2] !== "one-n")).toEqual([]);
  });

  test("PATCH /groups/2/members?id=gt:7 of members that are linked", async () => {
    await write(app, "PATCH /groups/2/members?id=gt:7", 200, { age: 5 });
    expect(seen.slice(0, 2)).toEqual([
      ["preSave", "members", "n-n", "update", { id: "2", memberId: "8" }],
      ["preSave", "members", "n-n", "update", { id: "2", memberId: "9" }],
    ]);
  });

  test("PATCH /stocks?quantity=lt:4: a composite key as it stands in a path", async () => {
    await write(app, "PATCH /stocks?quantity=lt:4", 200, { quantity: 2 });
    expect(seen.slice(0, 2).map((each) => (each as unknown[])[4])).toEqual([{ id: "a,b,50%/c" }, { id: "north,nut" }]);
  });

  for (const hook of ["preSave", "postSave"] as const) {
    test(`PATCH /members?id=in:5,6,7 refused by ${hook} of one row writes none`, async () => {
      hooks = {
        [hook]: ({ params }: HookContext) => {
          if (params.id === "6") throw new HttpError(403, "Not this one.", { code: "closed" });
        },
      };
      const answer = await write(app, "PATCH /members?id=in:5,6,7", 403, { age: 99 });
      expect(answer.json.code).toBe("closed");
      expect(await count("members", { age: 99 })).toBe(0);
      expect(seen.filter((each) => (each as string[])[0] === "afterCommit")).toEqual([]);
    });
  }

  test("DELETE /employees?manager_id=2, refused by a hook and then not", async () => {
    hooks = {
      postDelete: ({ params }) => {
        if (params.id === "5") throw new HttpError(403, "Not this one.");
      },
    };
    await write(app, "DELETE /employees?manager_id=2", 403);
    expect(await count("employees", { manager_id: 2 })).toBe(2);
    hooks = {};
    seen = [];
    await write(app, "DELETE /employees?manager_id=2", 204);
    const context = (id: string) => ["employees", "root", "delete", { id }];
    expect(seen).toEqual([
      ...[
        ["preDelete", ...context("4")],
        ["preDelete", ...context("5")],
      ],
      ...[
        ["postDelete", ...context("4")],
        ["postDelete", ...context("5")],
      ],
      ...[
        ["afterCommit", ...context("4")],
        ["afterCommit", ...context("5")],
      ],
    ]);
  });

  test("DELETE /groups/3/members?id=gt:0: each a link", async () => {
    await write(app, "DELETE /groups/3/members?id=gt:0", 204);
    expect(seen.slice(0, 2)).toEqual([
      ["preDelete", "groups_members", "n-n", "unlink", { id: "3", memberId: "4" }],
      ["preDelete", "groups_members", "n-n", "unlink", { id: "3", memberId: "10" }],
    ]);
    expect([await count("groups_members", { group_id: 3 }), await count("members", { id: 4 })]).toEqual([0, 1]);
  });

  test("PATCH /members of an array: hooks for each row in its order, of its own body", async () => {
    hooks = {
      preSave: (context) => {
        expect(context.body).not.toHaveProperty("id");
        context.body.name = `${context.body.name} ${context.params.id}`;
        if (context.params.id === "2") context.body = { balance: 1 };
      },
      postSave: (context) => {
        context.result = { ...(context.result as object), seen: true };
      },
    };
    const body = [
      { id: 5, name: "Five" },
      { id: 2, name: "Two" },
      { id: 1, name: "One" },
    ];
    const answer = await write(app, "PATCH /members", 200, body);
    expect(answer.json).toMatchObject([
      { id: 5, name: "Five 5", seen: true },
      { id: 2, name: "Bjørn", balance: 1, seen: true },
      { id: 1, name: "One 1", seen: true },
    ]);
    const ids = ["5", "2", "1"];
    expect(seen).toEqual(
      ["preSave", "postSave", "afterCommit"].flatMap((name) =>
        ids.map((id) => [name, "members", "root", "update", { id }]),
      ),
    );
  });

  test("PATCH /stocks of an array whose hooks give the rows other keys", async () => {
    hooks = {
      preSave: (context) => {
        context.body.sku = `new ${context.params.id}`;
      },
    };
    const body = [
      { warehouse: "north", sku: "bolt", quantity: 1 },
      { warehouse: "north", sku: "nut", quantity: 2 },
    ];
    const answer = await write(app, "PATCH /stocks", 200, body.slice(1));
    expect(answer.json).toEqual([{ warehouse: "north", sku: "new north,nut", quantity: 2 }]);
  });

  test("PATCH /members of an array refused by a hook of its last row writes none", async () => {
    hooks = {
      postSave: ({ params }) => {
        if (params.id === "2") throw new HttpError(403, "Not this one.", { code: "closed" });
      },
    };
    const body = [1, 2].map((id) => ({ id, age: 99 }));
    expect((await write(app, "PATCH /members", 403, body)).json.code).toBe("closed");
    expect(await count("members", { age: 99 })).toBe(0);
  });

  test("PATCH /members?age=1000: no row, no hook", async () => {
    await write(app, "PATCH /members?age=1000", 200, { age: 1 });
    expect(seen).toEqual([]);
  });
});
