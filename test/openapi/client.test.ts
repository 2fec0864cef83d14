// `sapwood types` against the conformance tables: its types compile under strict rules, and a client that has nothing else drives
// the API with them. What they forbid does not compile.
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { makeDemo } from "../../src/cli/demo.js";
import { run, start } from "../cli/cli.js";
import { ddl } from "../fixtures/community.js";
import { onEveryDatabase } from "../support/matrix.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;
beforeAll(async () => {
  // Where packages are found.
  folder = await mkdtemp(join(root, "node_modules", ".client-"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const strict: ts.CompilerOptions = {
  ...{ strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  types: [],
};

/** What the compiler has to say of a file in the folder, by lines; it is compiled where that is nothing. */
function faultsOf(file: string): { line: number; text: string }[] {
  const program = ts.createProgram([join(folder, file)], strict);
  const faults = ts.getPreEmitDiagnostics(program).map(({ messageText, file, start = 0 }) => ({
    line: file?.getLineAndCharacterOfPosition(start).line ?? -1,
    text: ts.flattenDiagnosticMessageText(messageText, "\n"),
  }));
  if (faults.length === 0) program.emit();
  return faults;
}

/** What `client/drive.ts` tells of each step. */
const driven = {
  list: ["Ada of Norway", "Bjørn of Norway"],
  envelope: { total: 3, first: "NO" },
  nested: [1, 2, 3, 4, 5, 6],
  create: ["Ghana", "GH"],
  createNested: [true, ["First sail"]],
  createMany: [true, false],
  upsert: [true, "Republic of Ghana"],
  replace: "GN",
  notModified: 304,
  update: "GH",
  precondition: "precondition_failed",
  increment: 5,
  parent: "Boathouse",
  unlinkBefore: 404,
  add: 201,
  addAgain: { group_id: 2, member_id: 1 },
  linked: 2,
  unlink: 204,
  relink: [1, 3],
  unlinkMany: [3],
  updateMany: [[7], "1"],
  deleteMany: [204, "1"],
  composite: "a,b",
  delete: [204, 204],
  notFound: "not_found",
  invalid: ["age"],
  batch: [200],
  csv: "code\r\nNO\r\n",
};

onEveryDatabase(ddl, ({ app, db, name }) => {
  test("a typed client", { timeout: 300_000 }, async () => {
    const types = await run(["types", db().url]);
    expect(types).toMatchObject({ code: 0, stderr: "" });
    await writeFile(join(folder, "types.ts"), types.stdout);
    await copyFile(join(root, "test/openapi/client/drive.ts"), join(folder, `${name}.ts`));
    expect(faultsOf(`${name}.ts`)).toEqual([]);
    const { base, prefix } = await app();
    const { drive } = await import(pathToFileURL(join(folder, `${name}.js`)).href);
    expect(await drive(base + prefix)).toEqual(driven);
  });
});

const forbidden = [
  'client.GET("/member")',
  'client.POST("/countries", { body: { name: "Ghana" } })',
  'client.POST("/countries", { body: { name: "Ghana", code: 7 } })',
  'client.POST("/meetups", { body: { title: "without a group" } })',
  'client.GET("/members/{id}", { params: { path: { id: {} } } })',
  'client.GET("/members", { params: { query: { count: "roughly" } } })',
  'client.PATCH("/meetups/{id}", { params: { path: { id: 1 } }, body: { title: { increment: 1 } } })',
  'client.GET("/countries/{id}", { params: { path: { id: 1 } } }).then(({ data }) => data?.nmae)',
];

test("what the types forbid does not compile", { timeout: 300_000 }, async () => {
  const head = [
    'import createClient from "openapi-fetch";',
    'import type { paths } from "./types.js";',
    "const client = createClient<paths>({});",
  ];
  await writeFile(join(folder, "wrong.ts"), [...head, ...forbidden.map((call) => `void ${call};`)].join("\n"));
  const lines = new Set(faultsOf("wrong.ts").map(({ line }) => line));
  expect([...lines]).toEqual(forbidden.map((_, i) => i + head.length));
});

test("the client that src/openapi/README.md shows", { timeout: 300_000 }, async () => {
  const page = await readFile(join(root, "src/openapi/README.md"), "utf8");
  const [, program = ""] = /^```ts\n(import createClient.*?)^```$/ms.exec(page) ?? [];
  const demo = makeDemo();
  const server = await start(["serve", demo.db, "--port", "0"]);
  try {
    await writeFile(join(folder, "clubs.ts"), (await run(["types", demo.db])).stdout);
    await writeFile(
      join(folder, "readme.ts"),
      `declare const console: { log(...items: unknown[]): void };\n${program.replace("http://127.0.0.1:3000", server.url)}`,
    );
    expect(faultsOf("readme.ts")).toEqual([]);
    const said = vi.spyOn(console, "log").mockReturnValue();
    await import(pathToFileURL(join(folder, "readme.js")).href);
    expect(said.mock.calls).toEqual([["Sourdough evening", "Werkstatt Nord"]]);
  } finally {
    server.signal("SIGTERM");
    await server.ended;
    demo.remove();
  }
});
