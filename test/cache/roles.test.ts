// With roles: a kept answer is only for callers who would have been answered the same.
import { expect, test } from "vitest";
import type { ApiOptions } from "../../src/api/options.js";
import { onEveryDatabase } from "../support/matrix.js";
import { club } from "./club.js";

const options: ApiOptions = {
  cache: { ttl: 600 },
  serverTiming: true,
  roles: {
    anonymous: { clubs: "read", members: { operations: "read", read: ["id"] } },
    member: { clubs: "read", members: { operations: "read", rows: "owner=eq:$user.sub" } },
    admin: "*",
  },
  user: (_raw, request) => {
    const [role, sub] = (request.header("x-user") ?? "").split(" ");
    return role ? { role, sub } : undefined;
  },
};

onEveryDatabase(club, (place) => {
  test("nobody is given what another caller's rights made", async () => {
    const app = await place.app(options);
    const ask = async (path: string, user?: string) => {
      const { json, headers } = await app.ask(`GET ${path}`, { headers: user === undefined ? {} : { "x-user": user } });
      const [, statements] = /desc="(\d+)/.exec(String(headers["server-timing"])) ?? [];
      return { json, statements: Number(statements), control: headers["cache-control"] };
    };
    const names = ({ json }: { json: readonly { name?: string }[] }) => json.map(({ name }) => name);
    for (const turn of [1, 0]) {
      for (const [user, wanted] of [
        ["admin root", ["Ada", "Grace", "Joan"]],
        ["member ada", ["Ada", "Joan"]],
        ["member grace", ["Grace"]],
        ["member nobody", []],
        ["member", []],
        [undefined, [undefined, undefined, undefined]],
      ] as const) {
        const found = await ask("/members?order-by=id:asc", user);
        expect(names(found), `${user}`).toEqual(wanted);
        expect(found.statements, `${user}`).toBe(turn);
        expect(found.control).toBe(user === undefined ? "public, no-cache" : "private, no-cache");
      }
    }
    // Claims that no rule looks at make no difference.
    expect((await ask("/members?order-by=id:asc", "admin other")).statements).toBe(0);
    // Where the row itself decides by a rule.
    expect((await ask("/members/1", "member ada")).json.name).toBe("Ada");
    expect((await ask("/members/1", "member grace")).json.status).toBe(404);
    // A write drops everybody's.
    const written = await app.ask("PATCH /members/1", { body: { name: "Eve" }, headers: { "x-user": "admin root" } });
    expect(written.status).toBe(200);
    for (const user of ["admin root", "member ada"])
      expect(names(await ask("/members?order-by=id:asc", user))[0]).toBe("Eve");
  });
});
