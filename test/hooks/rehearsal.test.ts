// Prefer: tx=rollback with hooks: they run in the transaction that is not kept, and afterCommit, for which there is none, does not.

import { beforeAll, expect, test } from "vitest";
import { HttpError } from "../../src/http/problem.js";
import type { HookContext } from "../../src/run/hooks.js";
import { isProblem } from "../conformance/case.js";
import { ddl, rows } from "../fixtures/community.js";
import { deferred } from "../fixtures/deferred.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase, onEveryHost } from "../support/matrix.js";
import { snapshot } from "../support/snapshot.js";

const headers = { prefer: "tx=rollback" };

const writes = [
  { line: "POST /countries/1/venues", body: { name: "Barn" }, status: 201, ran: ["preSave", "postSave"] },
  { line: "PUT /countries/1", body: { name: "Norge", code: "NG" }, status: 200, ran: ["preSave", "postSave"] },
  { line: "PATCH /countries/2", body: { name: "Suomi" }, status: 200, ran: ["preSave", "postSave"] },
  { line: "POST /meetups/1/members/9/add", body: { rsvp: "no" }, status: 201, ran: ["preSave", "postSave"] },
  { line: "DELETE /flights/1", body: undefined, status: 204, ran: ["preDelete", "postDelete"] },
  { line: "POST /meetups/1/members/1/delete", body: undefined, status: 204, ran: ["preDelete", "postDelete"] },
];

onEveryHost(ddl, (place) => {
  let app: App;
  let ran: string[] = [];
  let late: ((context: HookContext) => void) | undefined;
  beforeAll(async () => {
    const note = (name: string) => async (context: HookContext) => {
      ran.push(name);
      await context.trx?.("logs").insert({ message: name, level: "audit" });
      if (name === "postSave") late?.(context);
    };
    app = await place.app({
      hooks: {
        preSave: note("preSave"),
        postSave: note("postSave"),
        preDelete: note("preDelete"),
        postDelete: note("postDelete"),
        afterCommit: () => void ran.push("afterCommit"),
      },
    });
  });
  const tables = () => snapshot(place.db().knex, Object.keys(rows));

  for (const { line, body, status, ran: expected } of writes) {
    test(`${line} is tried with its hooks, of which nothing is kept`, async () => {
      const before = await tables();
      ran = [];
      const answer = await app.ask(line, { body, headers });
      expect(answer.status, answer.text).toBe(status);
      expect(answer.headers["preference-applied"]).toBe("tx=rollback");
      expect(ran).toEqual(expected);
      expect(await tables()).toEqual(before);
    });
  }

  test("what postSave makes of the result is the answer, and what it refuses is refused", async () => {
    late = (context) => {
      context.result = { made: "up" };
    };
    expect((await app.ask("PATCH /countries/2", { body: { name: "Suomi" }, headers })).json).toEqual({ made: "up" });
    late = () => {
      throw new HttpError(403, "Not now.", { code: "not_now" });
    };
    isProblem(await app.ask("PATCH /countries/2", { body: { name: "Suomi" }, headers }), 403, "not_now");
    late = undefined;
  });

  test("the next write is kept, and its afterCommit runs", async () => {
    ran = [];
    expect((await app.ask("POST /countries/1/venues", { body: { name: "Barn" } })).status).toBe(201);
    expect(ran).toEqual(["preSave", "postSave", "afterCommit"]);
  });
});

onEveryDatabase(
  deferred,
  (place) => {
    test("a constraint that waits for the commit is checked, though none comes", async () => {
      const app = await place.app();
      for (const parts of [{}, { headers }])
        isProblem(
          await app.ask("POST /leaves", { body: { id: 1, tree_id: 7 }, ...parts }),
          409,
          "foreign_key_violation",
        );
    });
  },
  ["postgres"],
);
