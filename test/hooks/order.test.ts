// Where hooks may stand, in which order they run, and the developer's mistakes.
import { describe, expect, test } from "vitest";
import type { ApiOptions, TableOptions } from "../../src/api/options.js";
import type { Hook } from "../../src/run/hooks.js";
import { ddl } from "../fixtures/community.js";
import { onEveryDatabase } from "../support/matrix.js";

const sleep = () => new Promise((done) => setTimeout(done, 5));

onEveryDatabase(ddl, (place) => {
  const said: string[] = [];
  const says = (word: string): Hook => {
    return async () => {
      // Who does not wait for the one before is found out.
      await sleep();
      said.push(word);
    };
  };
  const run = async (options: ApiOptions, line: string, body: unknown = {}) => {
    said.length = 0;
    const app = await place.app(options);
    const answer = await app.ask(line, { body });
    expect(answer.status, answer.text).toBeLessThan(300);
    return said;
  };

  test("those for all tables before a table's own, arrays in their order, each awaited", async () => {
    const options: ApiOptions = {
      hooks: { preSave: [says("all 1"), says("all 2")], postSave: says("all after") },
      overrides: [
        { name: "groups", preSave: says("own"), postSave: [says("own after 1"), says("own after 2")] },
        { name: "members", preSave: says("another table's") },
      ],
    };
    expect(await run(options, "PATCH /groups/1")).toEqual([
      "all 1",
      "all 2",
      "own",
      "all after",
      "own after 1",
      "own after 2",
    ]);
    expect(await run(options, "PATCH /members/1")).toEqual(["all 1", "all 2", "another table's", "all after"]);
  });

  test("the first that throws is the last that runs", async () => {
    said.length = 0;
    const app = await place.app({
      hooks: { preSave: [says("one"), () => Promise.reject(new Error("two")), says("three")] },
    });
    expect((await app.ask("PATCH /groups/1", { body: {} })).status).toBe(500);
    expect(said).toEqual(["one"]);
  });

  test("a link table's hooks stand in its own entry", async () => {
    const options: ApiOptions = { overrides: [{ name: "groups_members", preSave: says("link") }] };
    expect(await run(options, "POST /groups/4/members/3/add")).toEqual(["link"]);
    expect(await run(options, "PATCH /groups/4")).toEqual([]);
  });

  test("hooks in the entries of `tables`", async () => {
    const tables: TableOptions[] = [
      {
        name: "groups",
        columns: [{ name: "id", type: "integer" }, { name: "name" }, { name: "is_open", type: "boolean" }],
        preSave: says("own"),
        afterCommit: [says("later")],
      },
    ];
    expect(await run({ tables, hooks: { preSave: says("all") } }, "PATCH /groups/1")).toEqual(["all", "own", "later"]);
  });

  describe("mistakes", () => {
    const mistakes: [string, object, RegExp][] = [
      ["an unknown hook for all tables", { hooks: { preSav: () => 1 } }, /^options\.hooks\.preSav: .*'preSave'/],
      [
        "an unknown hook in an entry",
        { overrides: [{ name: "groups", postSav: () => 1 }] },
        /^overrides\[0\]\.postSav: .*'postSave'/,
      ],
      [
        "an unknown hook in a table by hand",
        { tables: [{ name: "groups", columns: [{ name: "id" }], afterComit: () => 1 }] },
        /^tables\[0\]\.afterComit: .*'afterCommit'/,
      ],
      ["a hook that is no function", { hooks: { preSave: "check" } }, /preSave: .*function/],
      ["an array with a hole in it", { hooks: { postRead: [() => 1, undefined] } }, /postRead: .*function/],
      [
        "an entry's hook that is no function",
        { overrides: [{ name: "groups", preRead: {} }] },
        /^groups\.preRead: .*function/,
      ],
      ["hooks that are no object", { hooks: () => 1 }, /^options\.hooks: /],
    ];
    for (const [title, options, message] of mistakes) {
      test(title, async () => {
        await expect(place.app(options as ApiOptions)).rejects.toThrow(message);
        await expect(place.app(options as ApiOptions)).rejects.toMatchObject({ name: "ConfigError" });
      });
    }
  });
});
