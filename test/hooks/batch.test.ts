// Hooks in a batch: each entry's own, all in the batch's transaction, and afterCommit when that is committed.
import type { Knex } from "knex";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { HttpError } from "../../src/http/problem.js";
import type { HookContext } from "../../src/run/hooks.js";
import { isProblem } from "../conformance/case.js";
import { ddl, rows } from "../fixtures/community.js";
import type { App } from "../support/apps.js";
import { onEveryHost } from "../support/matrix.js";
import { snapshot } from "../support/snapshot.js";

const entries = [
  { method: "POST", path: "/countries", body: { name: "Ghana", code: "GH" } },
  { method: "POST", path: "/countries/$0.id/venues", body: { name: "Barn" } },
  { method: "GET", path: "/venues/$1.id?select=name" },
  { method: "DELETE", path: "/flights/1", headers: { "if-match": "*" } },
];

onEveryHost(ddl, (place) => {
  let app: App;
  let ran: string[] = [];
  let seen: HookContext[] = [];
  let late: ((context: HookContext) => unknown) | undefined;
  beforeAll(async () => {
    const note = (name: string) => async (context: HookContext) => {
      ran.push(`${name} ${context.table}`);
      seen.push(context);
      if (name === "postDelete") await late?.(context);
    };
    app = await place.app({
      hooks: Object.fromEntries(
        ["preSave", "postSave", "preDelete", "postDelete", "preRead", "postRead", "afterCommit"].map((name) => [
          name,
          note(name),
        ]),
      ),
    });
  });
  beforeEach(() => {
    ran = [];
    seen = [];
    late = undefined;
  });
  const tables = () => snapshot(place.db().knex, Object.keys(rows));
  const writing = ["preSave countries", "postSave countries", "preSave venues", "postSave venues"];
  const others = ["preRead venues", "postRead venues", "preDelete flights", "postDelete flights"];

  test("a hook that refuses the last entry undoes all of them", async () => {
    const before = await tables();
    late = async ({ trx }) => {
      expect(await trx?.("venues").where({ name: "Barn" })).toHaveLength(1);
      throw new HttpError(403, "Not that one.", { code: "not_that_one" });
    };
    const answer = await app.ask("POST /batch", { body: entries });
    isProblem(answer, 403, "not_that_one");
    expect(answer.json).toMatchObject({ index: 3, detail: "Entry 3 (DELETE /flights/1): Not that one." });
    expect(ran).toEqual([...writing, ...others]);
    expect(await tables()).toEqual(before);
  });

  test("a hook that breaks, too, and the framework is told", async () => {
    const before = await tables();
    app.errors.length = 0;
    late = () => {
      throw new TypeError("hook is broken");
    };
    expect((await app.ask("POST /batch", { body: entries })).status).toBe(500);
    expect(app.errors).toMatchObject([{ message: "hook is broken" }]);
    expect(await tables()).toEqual(before);
  });

  test("each entry's run in order, in one transaction, and afterCommit when all is done", async () => {
    const answer = await app.ask("POST /batch", { body: entries, headers: { "x-user": "ada", "x-tenant": "t1" } });
    expect(answer.status, answer.text).toBe(200);
    const after = ["afterCommit countries", "afterCommit venues", "afterCommit flights"];
    expect(ran).toEqual([...writing, ...others, ...after]);
    const [first] = seen.map(({ trx }) => trx) as [Knex.Transaction];
    expect(seen.every(({ trx }) => trx === first)).toBe(true);
    expect(first.isCompleted()).toBe(true);
    const country = answer.json[0].body.id;
    expect([...new Set(seen.map(({ request }) => `${request.method} ${request.path}`))]).toEqual([
      "POST /countries",
      `POST /countries/${country}/venues`,
      `GET /venues/${answer.json[1].body.id}`,
      "DELETE /flights/1",
    ]);
    for (const { user, request } of seen) {
      expect([user, request.header("x-tenant"), request.header("content-type")]).toEqual(["ada", "t1", undefined]);
    }
    expect(seen.at(-1)?.request.header("if-match")).toBe("*");
    expect(seen[0]?.request.header("if-match")).toBeUndefined();
    expect(seen[2]?.body).toEqual({ name: "Barn", country_id: country });
  });
});
