// What people at a terminal see: help in groups, completion, what a started server says of itself, and a log that can be read.
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { commandWords } from "../../src/cli/completion.js";
import { createProgram } from "../../src/cli/program.js";
import { summaryOf } from "../../src/cli/summary.js";
import { readable } from "../../src/server/readable-log.js";
import { ddl } from "../fixtures/community.js";
import { onEveryDatabase } from "../support/matrix.js";

const program = createProgram();
const helpOf = (name: string) => program.commands.find((command) => command.name() === name)?.helpInformation() ?? "";

describe("help", () => {
  test.each([
    ["routes", ["Arguments:", "Options:", "Connection:"], ["--why", "--json"]],
    ["serve", ["Arguments:", "Options:", "Connection:", "Server:", "API:"], ["--help"]],
    ["openapi", ["Arguments:", "Options:", "Connection:", "API:"], ["--as"]],
    ["demo", ["Options:", "Server:", "API:"], ["--help"]],
  ])("sapwood %s --help: its own flags first", (name, headings, own) => {
    const help = helpOf(name);
    expect(help.match(/^[A-Z]\w*:$/gm)).toEqual(headings);
    const [, options = ""] = /^Options:\n(.*?)(\n\n|$(?![\s\S]))/ms.exec(help) ?? [];
    for (const flag of own) expect(options).toContain(flag);
    for (const flag of ["--config", "--pool-max", "--port", "--max-limit"]) expect(options).not.toContain(flag);
  });

  test("the demo is among the commands", () => {
    expect(program.helpInformation()).toMatch(/^ {2}demo /m);
  });
});

describe("completion", () => {
  const scripts = Object.fromEntries(
    ["bash", "zsh", "fish"].map((shell) => {
      let text = "";
      const own = createProgram();
      const write = process.stdout.write;
      process.stdout.write = ((said: string) => {
        text += said;
        return true;
      }) as typeof write;
      try {
        own.parse(["completion", shell], { from: "user" });
      } finally {
        process.stdout.write = write;
      }
      return [shell, text];
    }),
  );

  const completed = (...words: readonly string[]): string[] => {
    const line = ["sapwood", ...words].map((word) => `'${word}'`).join(" ");
    const script = `${scripts.bash}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length}; _sapwood; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim().split("\n");
  };

  test("in bash: commands, those below them, and flags", () => {
    expect(completed("serv")).toEqual(["serve"]);
    expect(completed("")).toEqual(expect.arrayContaining(["demo", "routes", "completion"]));
    expect(completed("")).not.toContain("start");
    expect(completed("routes", "--wh")).toEqual(["--why"]);
    expect(completed("routes", "--why", "--js")).toEqual(["--json"]);
    expect(completed("serve", "--max-lim")).toEqual(["--max-limit"]);
    expect(completed("routes", "--port")).toEqual([""]);
    expect(completed("keys", "ad")).toEqual(["add"]);
  });

  test("the argument is named by the shells there are, as its absence is reported by name", () => {
    expect(helpOf("completion")).toContain("Usage: sapwood completion [options] <bash|zsh|fish>");
  });

  test("every command and flag is there, and nothing that a shell would run", () => {
    for (const { path, flags } of commandWords(program)) {
      if (path !== "") expect(scripts.bash).toContain(`"${path}")`);
      for (const { flag } of flags) expect(scripts.fish).toContain(` -l ${flag.slice(2)} `);
    }
    expect(scripts.zsh).toContain("bashcompinit");
    expect(scripts.fish).not.toMatch(/[`$]/);
    execFileSync("bash", ["-n", "-c", scripts.bash as string]);
  });
});

onEveryDatabase(
  ddl,
  (place) => {
    test("a started server says where it is, and what it serves", async () => {
      const api = await createApi(place.db().url);
      try {
        const url = "http://127.0.0.1:3000";
        const text = summaryOf({
          url,
          authDbs: ["postgres://app:***@db/accounts"],
          docs: `${url}/docs`,
          explore: `${url}/explore`,
          mounts: [{ prefix: "/api", api }],
        });
        expect(text).toMatch(/^ {2}API +http:\/\/127\.0\.0\.1:3000\/api$/m);
        expect(text).toMatch(/^ {2}explore +http:\/\/127\.0\.0\.1:3000\/explore$/m);
        expect(text).toMatch(/^ {2}docs +http:\/\/127\.0\.0\.1:3000\/docs$/m);
        expect(text).toMatch(/^ {2}diagram +http:\/\/127\.0\.0\.1:3000\/docs\/diagram$/m);
        const [, tables, relations] = /sqlite, (\d+) tables, (?:\d+ views?, )?(\d+) relations$/m.exec(text) ?? [];
        const { resources } = api.tree;
        expect(Number(tables)).toBe(resources.filter(({ view }) => !view).length);
        const keys = api.schema.tables.flatMap(({ foreignKeys }) => foreignKeys);
        // Those of the links are relations between others.
        expect(Number(relations)).toBeGreaterThan(0);
        expect(Number(relations)).toBeLessThanOrEqual(keys.length);
        for (const { table } of api.tree.warnings ?? []) expect(text).toContain(table);
        expect(text).toMatch(/^ {2}accounts +postgres:\/\/app:\*\*\*@db\/accounts$/m);
        const two = summaryOf({
          url,
          authDbs: [],
          mounts: [
            { name: "a", prefix: "/api/a", api },
            { name: "b", prefix: "/api/b", api },
          ],
        });
        expect(two).toMatch(/^ {2}API a +\S+\/api\/a\n {2}API b +\S+\/api\/b\n {2}a +sqlite/);
      } finally {
        await api.close();
      }
    });
  },
  ["sqlite"],
);

describe("a readable log", () => {
  const line = (fields: object) => JSON.stringify({ level: "info", time: "2026-11-30T12:30:01.250Z", ...fields });

  test("a request is one short line", () => {
    const said = {
      requestId: "x",
      method: "GET",
      route: "/r",
      path: "/api/members",
      query: ["age"],
      status: 200,
      ms: 3.1,
      bytes: 9,
    };
    expect(readable(line({ ...said, msg: "request" }), false)).toBe("12:30:01 info  GET /api/members?age=… 200 3.1 ms");
  });

  test("fields, errors and colours", () => {
    expect(readable(line({ level: "warn", table: "a", n: 1, msg: "no key" }), false)).toBe(
      "12:30:01 warn  no key  table=a  n=1",
    );
    const failed = line({ level: "error", err: { message: "m", stack: "Error: m\n    at x" }, msg: "broke" });
    expect(readable(failed, false)).toBe("12:30:01 error broke \n  Error: m\n      at x");
    expect(readable(failed, true)).toContain("\u001b[31merror\u001b[39m");
  });

  test("what a client has sent moves no cursor", () => {
    const evil = "/\u001b]0;owned\u0007\u001b[2J\r\nfake line";
    const text = readable(line({ method: "GET", path: evil, status: 404, ms: 1, msg: "request" }), false);
    expect(text).not.toMatch(/\p{Cc}/u);
  });
});
