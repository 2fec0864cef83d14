// Hooks of the tables that a nested body reaches: each row it names is read through them, each link is one to them.
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { HookContext } from "../../src/run/hooks.js";
import { ddl } from "../fixtures/community.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";

onEveryDatabase(ddl, (place) => {
  let app: App;
  let ran: [string, string][] = [];
  beforeAll(async () => {
    const note =
      (name: string) =>
      ({ operation }: HookContext) =>
        void ran.push([name, operation]);
    app = await place.app({
      overrides: [
        { name: "groups_members", preSave: note("link"), postSave: note("linked") },
        {
          name: "members",
          preRead: note("member"),
          postRead: ({ result }) => void Object.assign(result as object, { email: "hidden" }),
        },
      ],
    });
  });
  beforeEach(() => {
    ran = [];
  });

  test("rows named by their keys are read as they are read alone, and linked one by one", async () => {
    const answer = await app.ask("POST /groups", { body: { name: "Chess", members: [{ id: 1 }, { id: 2 }] } });
    expect(answer.status, answer.text).toBe(201);
    const { id, members } = answer.json as { id: number; members: { id: number; email: string }[] };
    expect(members.map(({ id, email }) => [id, email])).toEqual([
      [1, "hidden"],
      [2, "hidden"],
    ]);
    expect(ran).toEqual([
      ["member", "read"],
      ["member", "read"],
      ["link", "link"],
      ["linked", "link"],
      ["link", "link"],
      ["linked", "link"],
    ]);
    const links = await place.db().knex("groups_members").where({ group_id: id }).orderBy("member_id");
    expect(links.map((link) => Number(link.member_id))).toEqual([1, 2]);
  });
});
