// What a hook is given: the same context whatever the framework and the database, on every operation.
import { beforeAll, describe, expect, test } from "vitest";
import type { HookContext, Hooks } from "../../src/run/hooks.js";
import { ddl } from "../fixtures/community.js";
import type { App } from "../support/apps.js";
import type { RequestParts } from "../support/http.js";
import { onEveryHost } from "../support/matrix.js";

interface Asked extends RequestParts {
  readonly line: string;
  readonly status: number;
  /** The context of the first hook of the request, without what differs from host to host. */
  readonly context: Partial<Pick<HookContext, "table" | "relation" | "operation" | "params" | "body">>;
}

const asked: readonly Asked[] = [
  { line: "GET /members", status: 200, context: { table: "members", relation: "root", operation: "list", params: {} } },
  {
    line: "GET /members/1",
    status: 200,
    context: { table: "members", relation: "root", operation: "read", params: { id: "1" } },
  },
  {
    line: "GET /countries/1/members/2",
    status: 200,
    context: { table: "members", relation: "one-n", operation: "read", params: { id: "1", memberId: "2" } },
  },
  {
    line: "GET /members/1/country",
    status: 200,
    context: { table: "countries", relation: "parent", operation: "read", params: { id: "1" } },
  },
  {
    line: "GET /airports/A%2FB%2C%201%25",
    status: 200,
    context: { table: "airports", operation: "read", params: { id: "A/B, 1%" } },
  },
  {
    line: "GET /members/1/groups",
    status: 200,
    context: { table: "groups", relation: "n-n", operation: "list", params: { id: "1" } },
  },
  {
    line: "POST /countries",
    status: 201,
    body: { name: "Ghana", code: "GH" },
    context: { table: "countries", relation: "root", operation: "create", body: { name: "Ghana", code: "GH" } },
  },
  {
    line: "POST /countries/1/venues",
    status: 201,
    body: { name: "Barn" },
    context: { table: "venues", relation: "one-n", operation: "create", params: { id: "1" }, body: { name: "Barn" } },
  },
  {
    line: "PATCH /venues/1",
    status: 200,
    body: { capacity: 9 },
    context: { table: "venues", operation: "update", params: { id: "1" }, body: { capacity: 9 } },
  },
  {
    line: "PUT /countries/1/venues/2",
    status: 200,
    body: { name: "Loft" },
    context: { table: "venues", operation: "replace", params: { id: "1", venueId: "2" }, body: { name: "Loft" } },
  },
  {
    line: "POST /meetups/1/members/9/add",
    status: 201,
    body: { rsvp: "no" },
    context: {
      table: "meetups_members",
      relation: "n-n",
      operation: "link",
      params: { id: "1", memberId: "9" },
      body: { rsvp: "no" },
    },
  },
  {
    line: "POST /meetups/1/members/9/delete",
    status: 204,
    context: { table: "meetups_members", operation: "unlink", params: { id: "1", memberId: "9" }, body: {} },
  },
  {
    line: "DELETE /flights/1",
    status: 204,
    context: { table: "flights", relation: "root", operation: "delete", params: { id: "1" } },
  },
];

onEveryHost(ddl, (place) => {
  const seen: { hook: string; context: HookContext; copy: HookContext }[] = [];
  const spy = (hook: string) => (context: HookContext) => {
    seen.push({ hook, context, copy: { ...context } });
  };
  let app: App;
  beforeAll(async () => {
    const names = ["preSave", "postSave", "preDelete", "postDelete", "preRead", "postRead", "afterCommit"];
    app = await place.app({ hooks: Object.fromEntries(names.map((name) => [name, spy(name)])) as Hooks });
  });
  const ask = async (line: string, parts: RequestParts = {}) => {
    seen.length = 0;
    return app.ask(line, { ...parts, headers: { "x-user": "ada" } });
  };

  for (const { line, status, context, ...parts } of asked) {
    test(line, async () => {
      const answer = await ask(line, parts);
      expect(answer.status, answer.text).toBe(status);
      const [first] = seen;
      expect(first?.copy).toMatchObject(context);
      expect(first?.copy.user).toBe("ada");
      expect(first?.copy.request.prefix).toBe("/api");
      expect(first?.copy.request.method).toBe(line.split(" ")[0]);
      expect(first?.copy.request.header("x-user")).toBe("ada");
      expect(first?.copy.request.raw).toBeTruthy();
      expect(typeof first?.copy.trx).toBe(line.startsWith("GET") ? "undefined" : "function");
    });
  }

  const hooksOf: Record<string, string[]> = {
    "GET /members": ["preRead", "postRead"],
    "GET /members/1": ["preRead", "postRead"],
    "PATCH /members/1": ["preSave", "postSave", "afterCommit"],
    "PUT /logs": [],
    "POST /members/1/groups/1/add": ["preSave", "postSave", "afterCommit"],
    "POST /members/1/groups/1/delete": ["preDelete", "postDelete", "afterCommit"],
    "OPTIONS /members": [],
    "GET /nothing": [],
  };
  describe("which hooks run, all with one context", () => {
    for (const [line, hooks] of Object.entries(hooksOf)) {
      test(line, async () => {
        await ask(line, line.startsWith("PATCH") ? { body: { age: 37 } } : {});
        expect(seen.map(({ hook }) => hook)).toEqual(hooks);
        expect(new Set(seen.map(({ context }) => context)).size).toBe(hooks.length === 0 ? 0 : 1);
      });
    }
  });

  test("a request that is refused before the write meets no hook", async () => {
    for (const [line, body] of [
      ["POST /members", "{nope"],
      ["POST /members", [1]],
      ["PATCH /members/abc", {}],
    ] as const) {
      expect((await ask(line, { body })).status).toBeGreaterThanOrEqual(400);
      expect(seen, line).toEqual([]);
    }
  });

  test("nobody logged in is no user", async () => {
    seen.length = 0;
    await app.ask("GET /members/1");
    expect(seen[0]?.context.user).toBeUndefined();
  });
});
