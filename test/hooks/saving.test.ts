// preSave and postSave, preDelete and postDelete: what they may change and refuse.
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { HttpError } from "../../src/http/problem.js";
import type { Hooks } from "../../src/run/hooks.js";
import { isProblem } from "../conformance/case.js";
import { ddl } from "../fixtures/community.js";
import type { App } from "../support/apps.js";
import { onEveryHost } from "../support/matrix.js";

onEveryHost(ddl, (place) => {
  let hooks: Hooks;
  let app: App;
  // The tests put their own in: one app for all of them.
  beforeAll(async () => {
    app = await place.app({
      hooks: {
        preSave: (context) => (hooks.preSave as CallableFunction | undefined)?.(context),
        postSave: (context) => (hooks.postSave as CallableFunction | undefined)?.(context),
        preDelete: (context) => (hooks.preDelete as CallableFunction | undefined)?.(context),
        postDelete: (context) => (hooks.postDelete as CallableFunction | undefined)?.(context),
      },
    });
  });
  beforeEach(() => {
    hooks = {};
  });
  const row = (table: string, where: object) => place.db().knex(table).where(where).first();
  const refuse = () => {
    throw new HttpError(403, "Not on Sundays.", {
      code: "closed",
      errors: [{ field: "name", message: "is shut" }],
      headers: { "retry-after": "60" },
    });
  };

  const writes = [
    { line: "POST /countries", body: { name: "Ghana", code: "GH" }, table: "countries", id: { code: "XX" } },
    { line: "PUT /countries/2", body: { name: "Suomi", code: "SU" }, table: "countries", id: { id: 2 } },
    { line: "PATCH /countries/3", body: { name: "CI" }, table: "countries", id: { id: 3 } },
  ];

  describe("preSave changes the body", () => {
    for (const [i, { line, body, table, id }] of writes.entries()) {
      test(line, async () => {
        hooks = {
          preSave: (context) => {
            context.body.name = `${context.body.name} (checked)`;
            if (line.startsWith("POST")) context.body.code = "XX";
          },
        };
        const answer = await app.ask(line, { body });
        expect(answer.status, answer.text).toBe(i === 0 ? 201 : 200);
        expect(answer.json.name).toBe(`${body.name} (checked)`);
        expect(await row(table, id)).toMatchObject({ name: `${body.name} (checked)` });
      });
    }

    test("PATCH /members/1 with another body in its place", async () => {
      hooks = {
        preSave: async (context) => {
          context.body = { balance: "3.50" };
        },
      };
      const answer = await app.ask("PATCH /members/1", { body: { name: "Nobody", nonsense: 1 } });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.json).toMatchObject({ name: "Ada", balance: 3.5 });
    });

    test("POST /meetups/2/members/5/add takes a further column from the hook", async () => {
      hooks = {
        preSave: (context) => {
          context.body.rsvp = "maybe";
        },
      };
      expect((await app.ask("POST /meetups/2/members/5/add")).status).toBe(201);
      expect(await row("meetups_members", { meetup_id: 2, member_id: 5 })).toMatchObject({ rsvp: "maybe" });
    });

    test("what a hook puts in is typed like a client's own", async () => {
      hooks = {
        preSave: (context) => {
          context.body.age = "old";
        },
      };
      isProblem(await app.ask("PATCH /members/1", { body: {} }), 422, "invalid_value");
      hooks = {
        preSave: (context) => {
          context.body.agee = 1;
        },
      };
      isProblem(await app.ask("PATCH /members/1", { body: {} }), 400, "unknown_column");
    });
  });

  describe("preSave refuses", () => {
    for (const { line, body, table } of [
      ...writes,
      { line: "POST /groups/2/members/1/add", body: undefined, table: "groups_members" },
    ]) {
      test(line, async () => {
        hooks = { preSave: refuse };
        const before = await place.db().knex(table).select();
        const answer = await app.ask(line, { body });
        isProblem(answer, 403, "closed", line);
        expect(answer.json).toEqual({
          type: "urn:sapwood:problem:closed",
          title: expect.any(String),
          status: 403,
          detail: "Not on Sundays.",
          code: "closed",
          errors: [{ field: "name", message: "is shut" }],
        });
        expect(answer.headers["retry-after"]).toBe("60");
        expect(await place.db().knex(table).select()).toEqual(before);
        expect(app.errors).toEqual([]);
      });
    }
  });

  describe("postSave changes the result", () => {
    for (const { line, body } of [
      { line: "POST /groups", body: { name: "New" } },
      { line: "PATCH /groups/1", body: { name: "New" } },
      { line: "POST /groups/3/members/1/add", body: undefined },
    ]) {
      test(line, async () => {
        hooks = {
          postSave: (context) => {
            (context.result as Record<string, unknown>).greeting = "hello";
          },
        };
        const answer = await app.ask(line, { body });
        expect(answer.json.greeting, answer.text).toBe("hello");
        if (line === "POST /groups") expect(answer.headers.location).toBe(`/api/groups/${answer.json.id}`);
      });
    }

    test("PATCH /groups/1 with another result in its place", async () => {
      hooks = {
        postSave: async (context) => {
          context.result = ["quite", "different"];
        },
      };
      expect((await app.ask("PATCH /groups/1", { body: {} })).json).toEqual(["quite", "different"]);
    });

    test("a result that no hook touched goes out digit for digit", async () => {
      hooks = { postSave: () => undefined };
      const { text } = await app.ask("PATCH /members/4", { body: { balance: "1234567.80" } });
      hooks = {};
      const stored = await row("members", { id: 4 });
      expect(String(stored.balance)).toMatch(/^1234567\.80?$/);
      const plain = await (await place.app()).ask("GET /members/4");
      expect(text).toBe(plain.text);
    });
  });

  describe("deletes", () => {
    for (const { line, table } of [
      { line: "DELETE /flights/1", table: "flights" },
      { line: "POST /groups/1/members/1/delete", table: "groups_members" },
    ]) {
      test(`${line} refused by preDelete`, async () => {
        hooks = { preDelete: refuse };
        const before = await place.db().knex(table).select();
        isProblem(await app.ask(line), 403, "closed");
        expect(await place.db().knex(table).select()).toEqual(before);
      });

      test(`${line} undone by postDelete`, async () => {
        hooks = { postDelete: refuse };
        const before = await place.db().knex(table).select();
        isProblem(await app.ask(line), 403, "closed");
        expect(await place.db().knex(table).select()).toEqual(before);
      });

      test(line, async () => {
        const seen: unknown[] = [];
        hooks = {
          preDelete: async ({ trx, table }) => seen.push((await trx?.(table).count({ n: "*" }).first())?.n),
          postDelete: async ({ trx, table }) => seen.push((await trx?.(table).count({ n: "*" }).first())?.n),
        };
        expect((await app.ask(line)).status).toBe(204);
        expect(Number(seen[0]) - Number(seen[1])).toBe(1);
      });
    }

    test("DELETE /flights/999 meets preDelete, not postDelete", async () => {
      const seen: string[] = [];
      hooks = { preDelete: () => seen.push("pre"), postDelete: () => seen.push("post") };
      isProblem(await app.ask("DELETE /flights/999"), 404, "not_found");
      expect(seen).toEqual(["pre"]);
    });
  });
});
