// The ten questions that src/operations/read/README.md asks of examples/store, with the answers that it shows.
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { request } from "../support/http.js";
import { pageText, sectionOf } from "../support/pages.js";
import { type Program, startProgram } from "../support/program.js";

const here = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const chapter = sectionOf(pageText("src/operations/read/README.md"), "## Ten questions of a record shop");
const questions = [...chapter.matchAll(/^\| (.+?) \| `(\w+) (\S+)(?: (.+?))?` \| `(.+)` \|$/gm)];

describe("node examples/store/app.mjs", () => {
  let app: Program;
  beforeAll(async () => {
    const TMPDIR = await mkdtemp(join(inject("files"), "store-"));
    app = await startProgram([here("examples/store/app.mjs")], { env: { TMPDIR } });
  });
  afterAll(() => app?.stop());

  test("is asked ten questions", () => {
    expect(questions.length).toBe(10);
  });

  test.each(questions.map((parts) => parts.slice(1)))("%s", async (_, method = "", path = "", body, answer = "") => {
    const { status, json, text } = await request(app.base, method, path, body ? { body: JSON.parse(body) } : {});
    expect(status, text).toBe(method === "POST" ? 201 : 200);
    expect(json).toEqual(JSON.parse(answer));
  });
});
