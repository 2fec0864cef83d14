import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { request } from "../support/http.js";
import { type Program, startProgram } from "../support/program.js";

for (const framework of ["koa", "express", "fastify", "hono", "nest"]) {
  const file = `examples/${framework}/app.mjs`;

  describe(`node ${file}`, () => {
    let app: Program;
    beforeAll(async () => {
      // The example makes its database in the system's temporary folder: here one of its own.
      const TMPDIR = await mkdtemp(join(inject("files"), "example-"));
      app = await startProgram([fileURLToPath(new URL(`../../${file}`, import.meta.url))], { env: { TMPDIR } });
    });
    afterAll(() => app?.stop());

    test("GET /api/authors/1/notes?order-by=title:desc", async () => {
      const { status, json } = await request(app.base, "GET", "/api/authors/1/notes?order-by=title:desc");
      expect(status).toBe(200);
      expect(json).toEqual([
        { id: 2, title: "On looms", author_id: 1 },
        { id: 1, title: "On engines", author_id: 1 },
      ]);
    });

    test("POST /api/authors/2/notes answers with a place that can be read, and changed", async () => {
      const made = await request(app.base, "POST", "/api/authors/2/notes", { body: { title: "On bugs" } });
      expect(made).toMatchObject({ status: 201, json: { title: "On bugs", author_id: 2 } });
      const location = made.headers.location as string;
      expect(location).toMatch(/^\/api\/authors\/2\/notes\/\d+$/);
      expect((await request(app.base, "GET", location)).json).toEqual(made.json);
      const changed = await request(app.base, "PATCH", location, { body: { title: "On compilers" } });
      expect(changed.json).toEqual({ ...made.json, title: "On compilers" });
      expect((await request(app.base, "DELETE", location)).status).toBe(204);
      expect((await request(app.base, "GET", location)).status).toBe(404);
    });

    test("POST /api/notes/3/tags/1/add", async () => {
      expect((await request(app.base, "POST", "/api/notes/3/tags/1/add")).status).toBe(201);
      expect((await request(app.base, "GET", "/api/tags/1/notes")).json).toMatchObject([{ id: 2 }, { id: 3 }]);
    });

    test("GET /api/authors?nmae=Ada is a problem document", async () => {
      const { status, headers, json } = await request(app.base, "GET", "/api/authors?nmae=Ada");
      expect(status).toBe(400);
      expect(headers["content-type"]).toMatch(/^application\/problem\+json/);
      expect(json).toMatchObject({ code: "unknown_column" });
    });

    test("GET /elsewhere is the framework's own 404", async () => {
      const { status, text } = await request(app.base, "GET", "/elsewhere");
      expect(status).toBe(404);
      expect(text).not.toContain("urn:sapwood");
    });

    test("SIGTERM ends it in order", async () => {
      expect(await app.stop()).toMatchObject({ code: 0, stdout: `listening on ${app.base}\n`, stderr: "" });
    });
  });
}
