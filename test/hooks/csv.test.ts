// Hooks see rows, not CSV: what they are told is typed, and what they take away is in no column. And `csvFormulas`.
import { beforeAll, expect, test } from "vitest";
import { HttpError } from "../../src/http/problem.js";
import type { Hook } from "../../src/run/hooks.js";
import { isProblem } from "../conformance/case.js";
import { ddl } from "../fixtures/community.js";
import type { App } from "../support/apps.js";
import { onEveryHost } from "../support/matrix.js";

const csv = { accept: "text/csv" };

onEveryHost(ddl, (place) => {
  let app: App;
  const heard: unknown[] = [];
  beforeAll(async () => {
    const preSave: Hook = ({ body }) => {
      heard.push({ ...body });
      if (body.name === "nobody") throw new HttpError(403, "Not nobody.", { code: "nobody" });
      body.name = `${body.name}!`;
    };
    const postRead: Hook = (context) => {
      const rows = context.result as Record<string, unknown>[];
      context.result = rows.map(({ description: _, ...row }) => ({ ...row, initial: String(row.name)[0] }));
    };
    const preRead: Hook = ({ user }) => {
      if (user === undefined) throw new HttpError(401, "Who are you?", { code: "unauthorized" });
    };
    app = await place.app({
      csvFormulas: false,
      overrides: [
        { name: "groups", preSave, postRead },
        { name: "logs", preRead },
      ],
    });
  });

  test("GET /groups without what postRead takes away, with what it adds", async () => {
    const { text, status } = await app.ask("GET /groups?id=in:1,2", { headers: csv });
    expect([status, text]).toEqual([200, "id,name,is_open,initial\r\n1,Readers,true,R\r\n2,Climbers,true,C\r\n"]);
  });

  test("GET /groups as NDJSON: as postRead leaves it", async () => {
    const headers = { accept: "application/x-ndjson" };
    const { text } = await app.ask("GET /groups?id=in:1,2", { headers });
    expect(text).toBe(
      '{"id":1,"name":"Readers","is_open":true,"initial":"R"}\n{"id":2,"name":"Climbers","is_open":true,"initial":"C"}\n',
    );
  });

  test("GET /logs refused by preRead", async () => {
    isProblem(await app.ask("GET /logs", { headers: csv }), 401, "unauthorized");
  });

  test("POST /groups: preSave sees typed rows, and may change or refuse them", async () => {
    const headers = { "content-type": "text/csv" };
    heard.length = 0;
    const made = await app.ask("POST /groups", { body: "name,is_open,description\nA,yes,\n5,0,\n", headers });
    expect(made.status, made.text).toBe(201);
    expect(heard).toEqual([
      { name: "A", is_open: true, description: null },
      { name: "5", is_open: false, description: null },
    ]);
    expect(made.json.map(({ name }: { name: string }) => name)).toEqual(["A!", "5!"]);
    isProblem(await app.ask("POST /groups", { body: "name\nB\nnobody\n", headers }), 403, "nobody");
    expect((await app.ask("GET /groups?name=B!")).json).toEqual([]);
  });

  test("GET /members: no cell is a formula, and numbers stay numbers", async () => {
    const names = ["=1+1", "+1", "-1", "@a", "\tb", "\rc", "'d", "e=1", '=HYPERLINK("x")'];
    const members = names.map((name, i) => ({ name, email: `f${i}@csv.example`, balance: "-2.25" }));
    expect((await app.ask("POST /members", { body: members })).status).toBe(201);
    const line = "GET /members?email=like:f%25@csv.example&select=name,balance,country(id)";
    const { text } = await app.ask(line, { headers: csv });
    const safe = ["'=1+1", "'+1", "'-1", "'@a", "'\tb", `"'\rc"`, "'d", "e=1", `"'=HYPERLINK(""x"")"`];
    expect(text).toBe(["name,balance,country", ...safe.map((name) => `${name},-2.25,`), ""].join("\r\n"));
    const { json } = await app.ask(line);
    expect(json.map(({ name }: { name: string }) => name)).toEqual(names);
  });
});
