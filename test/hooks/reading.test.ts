// preRead and postRead, on lists and on single rows.
import { beforeAll, beforeEach, expect, test } from "vitest";
import { HttpError } from "../../src/http/problem.js";
import type { Hook } from "../../src/run/hooks.js";
import { isProblem } from "../conformance/case.js";
import { ddl } from "../fixtures/community.js";
import type { App } from "../support/apps.js";
import { onEveryHost } from "../support/matrix.js";

type Rows = Record<string, unknown>[];

onEveryHost(ddl, (place) => {
  let preRead: Hook | undefined;
  let postRead: Hook | undefined;
  let app: App;
  beforeAll(async () => {
    const hooks = { preRead: (context) => preRead?.(context), postRead: (context) => postRead?.(context) } satisfies {
      [name: string]: Hook;
    };
    app = await place.app({ overrides: [{ name: "members", ...hooks }] });
  });
  beforeEach(() => {
    preRead = undefined;
    postRead = undefined;
  });
  const refuse: Hook = ({ user }) => {
    if (user === undefined) throw new HttpError(401, "Who are you?", { code: "unauthorized" });
  };

  for (const line of ["GET /members", "GET /members/1", "GET /countries/1/members", "GET /groups/1/members/1"]) {
    test(`${line} refused by preRead`, async () => {
      preRead = refuse;
      isProblem(await app.ask(line), 401, "unauthorized");
      expect((await app.ask(line, { headers: { "x-user": "ada" } })).status).toBe(200);
    });

    test(`${line} refused by postRead`, async () => {
      postRead = refuse;
      isProblem(await app.ask(line), 401, "unauthorized");
    });
  }

  test("GET /members/1 changed by postRead", async () => {
    postRead = async (context) => {
      const { balance: _, ...rest } = context.result as Record<string, unknown>;
      context.result = { ...rest, initial: String(rest.name)[0] };
    };
    const { json, status } = await app.ask("GET /members/1");
    expect(status).toBe(200);
    expect(json).toMatchObject({ id: 1, name: "Ada", initial: "A" });
    expect(json).not.toHaveProperty("balance");
  });

  test("GET /members?limit=3&count=exact changed by postRead, with its headers", async () => {
    postRead = (context) => {
      for (const row of context.result as Rows) delete row.email;
    };
    const { json, headers } = await app.ask("GET /members?limit=3&count=exact");
    expect(json.map((row: object) => Object.keys(row).includes("email"))).toEqual([false, false, false]);
    expect(headers).toMatchObject({ "x-total-count": "12", "content-range": "items 0-2/12" });
  });

  test("GET /members?limit=2&envelope=true changed by postRead, which sees the rows alone", async () => {
    postRead = (context) => {
      context.result = (context.result as Rows).map(({ id }) => ({ id }));
    };
    const { json } = await app.ask("GET /members?limit=2&envelope=true");
    expect(json).toEqual({
      ...{ table: "members", total: 12, limit: 2, offset: 0, filters: {} },
      items: [{ id: 1 }, { id: 2 }],
    });
  });

  test("HEAD /members/1 has the length of what GET answers", async () => {
    postRead = (context) => {
      context.result = { name: "Åda" };
    };
    const [head, get] = [await app.ask("HEAD /members/1"), await app.ask("GET /members/1")];
    expect(get.text).toBe('{"name":"Åda"}');
    expect(head.headers["content-length"]).toBe("15");
    expect(head.text).toBe("");
  });

  test("GET /members/1 with the ETag it answered, changed by postRead", async () => {
    postRead = (context) => {
      context.result = { name: "Åda" };
    };
    const { headers } = await app.ask("GET /members/1");
    const answer = await app.ask("GET /members/1", { headers: { "if-none-match": String(headers.etag) } });
    expect([answer.status, answer.text, answer.headers.etag]).toEqual([304, "", headers.etag]);
    expect(app.errors).toEqual([]);
  });

  test("GET /members/999 meets no postRead", async () => {
    let ran = false;
    postRead = () => {
      ran = true;
    };
    isProblem(await app.ask("GET /members/999"), 404, "not_found");
    expect(ran).toBe(false);
  });

  test("GET /groups/1 of a table without hooks", async () => {
    preRead = refuse;
    expect((await app.ask("GET /groups/1")).status).toBe(200);
  });
});
