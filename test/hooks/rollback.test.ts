// A hook that throws after the write leaves nothing behind, seen by a connection of its own; and `trx` is the write's transaction.
import { beforeAll, describe, expect, test } from "vitest";
import { HttpError } from "../../src/http/problem.js";
import type { HookContext } from "../../src/run/hooks.js";
import { isProblem } from "../conformance/case.js";
import { ddl, rows } from "../fixtures/community.js";
import { type App, anyFramework } from "../support/apps.js";
import { sqlite } from "../support/databases.js";
import { onEveryHost } from "../support/matrix.js";
import { snapshot } from "../support/snapshot.js";

const writes = [
  { line: "POST /countries", body: { name: "Ghana", code: "GH" }, status: 201 },
  { line: "POST /countries/1/venues", body: { name: "Barn" }, status: 201 },
  { line: "PUT /countries/1", body: { name: "Norge", code: "NG" }, status: 200 },
  { line: "PATCH /countries/2", body: { name: "Suomi" }, status: 200 },
  { line: "POST /meetups/1/members/9/add", body: { rsvp: "no" }, status: 201 },
  { line: "DELETE /flights/1", body: undefined, status: 204 },
  { line: "POST /meetups/1/members/1/delete", body: undefined, status: 204 },
];

onEveryHost(ddl, (place, framework) => {
  let fail: ((context: HookContext) => unknown) | undefined;
  let app: App;
  beforeAll(async () => {
    const hook = (context: HookContext) => fail?.(context);
    app = await place.app({ hooks: { postSave: hook, postDelete: hook } });
  });
  const tables = () => snapshot(place.db().knex, Object.keys(rows));
  const note = ({ trx, operation }: HookContext) => trx?.("logs").insert({ message: operation, level: "audit" });
  const refusal = () => {
    throw new HttpError(409, "Not now.", { code: "not_now" });
  };
  const defect = () => {
    throw new TypeError("hook is broken");
  };

  for (const { line, body, status } of writes) {
    describe(line, () => {
      test("postSave refuses: every table is as it was", async () => {
        const before = await tables();
        fail = refusal;
        isProblem(await app.ask(line, { body }), 409, "not_now");
        expect(await tables()).toEqual(before);
      });

      test("postSave breaks: every table is as it was, and the framework is told", async () => {
        const before = await tables();
        fail = defect;
        app.errors.length = 0;
        const answer = await app.ask(line, { body });
        expect(answer.status).toBe(500);
        expect(answer.text).not.toContain("broken");
        expect(app.errors).toMatchObject([{ name: "TypeError", message: "hook is broken" }]);
        expect(await tables()).toEqual(before);
      });

      test("a row written through trx goes with the write", async () => {
        const before = await tables();
        fail = async (context) => {
          await note(context);
          const counted = await context.trx?.("logs").count({ n: "*" }).first();
          expect(Number(counted?.n)).toBe((before.logs?.length ?? 0) + 1);
          refusal();
        };
        isProblem(await app.ask(line, { body }), 409, "not_now");
        expect(await tables()).toEqual(before);
      });

      test("and stays with it", async () => {
        const before = await tables();
        fail = note;
        const answer = await app.ask(line, { body });
        expect(answer.status, answer.text).toBe(status);
        const after = await tables();
        expect(after.logs?.length).toBe((before.logs?.length ?? 0) + 1);
        const changed = Object.keys(after).filter(
          (name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]),
        );
        expect(changed.length).toBe(2);
      });
    });
  }

  test("a nested write runs each row's hooks in one transaction, and the last of them can refuse it all", async () => {
    const before = await tables();
    const seen: string[] = [];
    fail = async ({ table, operation, trx }) => {
      seen.push(`${operation} ${table}`);
      const counted = await trx?.("venues").count({ n: "*" }).first();
      if (table === "meetups" && Number(counted?.n) === (before.venues?.length ?? 0) + 1) refusal();
    };
    const body = { name: "Barn", country: { id: 1, name: "Norge" }, meetups: [{ title: "Dance", group_id: 1 }] };
    isProblem(await app.ask("POST /venues", { body }), 409, "not_now");
    expect(seen).toEqual(["update countries", "create venues", "create meetups"]);
    expect(await tables()).toEqual(before);
  });

  test(`${framework.name} goes on after all of that`, async () => {
    fail = undefined;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => app.ask("POST /logs", { body: { message: `after ${i}` } })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201));
  });

  test.runIf(place.can.readWhileWriting)("trx sees the row before anybody else does", async () => {
    fail = async ({ trx }) => {
      expect(await trx?.("countries").where({ code: "ZZ" }).first()).toBeTruthy();
      expect(await place.db().knex("countries").where({ code: "ZZ" }).first()).toBeUndefined();
    };
    const answer = await app.ask("POST /countries", { body: { name: "Zed", code: "ZZ" } });
    expect(answer.status, answer.text).toBe(201);
    expect(await place.db().knex("countries").where({ code: "ZZ" }).first()).toBeTruthy();
  });
});

describe("a trigger that ends the transaction by itself", () => {
  test("POST /notes is refused with the trigger's words, with hooks as without", async () => {
    const created = await sqlite.create(`CREATE TABLE notes (id INTEGER PRIMARY KEY, v TEXT);
      CREATE TRIGGER t AFTER INSERT ON notes BEGIN SELECT RAISE(ROLLBACK, 'no notes today'); END;`);
    const app = await anyFramework.start(created.url, { hooks: { postSave: () => undefined } });
    try {
      const { status, json } = await app.ask("POST /notes", { body: { v: "a" } });
      expect({ status, json }).toMatchObject({ status: 400, json: { code: "raised", detail: "no notes today" } });
      expect((await app.ask("GET /notes")).json).toEqual([]);
    } finally {
      await app.close();
      await created.drop();
    }
  });
});
