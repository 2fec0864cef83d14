// afterCommit: once the write stands, and never in its way.
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { HttpError } from "../../src/http/problem.js";
import type { Hook } from "../../src/run/hooks.js";
import { ddl } from "../fixtures/community.js";
import type { App } from "../support/apps.js";
import { onEveryHost } from "../support/matrix.js";

const writes = [
  { line: "POST /countries", body: { name: "Ghana", code: "GH" }, status: 201 },
  { line: "PUT /countries/1", body: { name: "Norge", code: "NG" }, status: 200 },
  { line: "PATCH /countries/2", body: { name: "Suomi" }, status: 200 },
  { line: "POST /groups/2/members/1/add", body: undefined, status: 201 },
  { line: "POST /groups/2/members/1/delete", body: undefined, status: 204 },
  { line: "DELETE /flights/1", body: undefined, status: 204 },
];

onEveryHost(ddl, (place) => {
  let hook: Hook | undefined;
  let refuse = false;
  let app: App;
  beforeAll(async () => {
    const late = () => {
      if (refuse) throw new HttpError(409, "Not now.");
    };
    app = await place.app({ hooks: { afterCommit: (context) => hook?.(context), postSave: late, postDelete: late } });
  });
  beforeEach(() => {
    refuse = false;
    hook = undefined;
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  for (const { line, body, status } of writes) {
    test(`${line} refused: no afterCommit`, async () => {
      refuse = true;
      hook = () => expect.unreachable();
      expect((await app.ask(line, { body })).status).toBe(409);
    });

    test(`${line} is there for everybody when afterCommit runs`, async () => {
      let table = "";
      let seen: unknown[] = [];
      let completed: boolean | undefined;
      hook = async (context) => {
        table = context.table;
        completed = context.trx?.isCompleted();
        seen = await place.db().knex(table).select();
      };
      const answer = await app.ask(line, { body });
      expect(answer.status, answer.text).toBe(status);
      expect(completed).toBe(true);
      expect(seen).toEqual(await place.db().knex(table).select());
    });
  }

  test("PATCH /groups/1 stands though afterCommit fails, which is printed", async () => {
    const printed = vi.spyOn(console, "error").mockImplementation(() => undefined);
    hook = async () => {
      throw new Error("no mail today");
    };
    const answer = await app.ask("PATCH /groups/1", { body: { name: "Still here" } });
    expect(answer.status).toBe(200);
    expect(answer.json.name).toBe("Still here");
    expect(await place.db().knex("groups").where({ id: 1 }).first()).toMatchObject({ name: "Still here" });
    expect(printed.mock.calls).toHaveLength(1);
    expect(String(printed.mock.calls[0])).toMatch(/groups.*no mail today/s);
    expect(app.errors).toEqual([]);
  });

  test("PATCH /groups/1 stands though afterCommit refuses", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    hook = () => {
      throw new HttpError(403, "Too late.");
    };
    expect((await app.ask("PATCH /groups/1", { body: { name: "Here too" } })).status).toBe(200);
  });

  test("PATCH /groups/1 shows afterCommit the result", async () => {
    let result: unknown;
    hook = (context) => {
      result = context.result;
    };
    const { json } = await app.ask("PATCH /groups/1", { body: { description: "x" } });
    expect(result).toEqual(json);
  });
});
