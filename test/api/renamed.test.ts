// Old names of resources: they work as the new ones do, and every answer says what became of them.
import { beforeAll, expect, test } from "vitest";
import { printRoutes } from "../../src/routes/print.js";
import { isProblem } from "../conformance/case.js";
import { ddl } from "../fixtures/community.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase, onEveryHost } from "../support/matrix.js";

const clubs = { to: "groups", since: "2026-11-30", sunset: "2027-06-01T12:00:00Z" };

onEveryHost(ddl, (place) => {
  let app: App;
  const successor = (path: string) => `<${app.prefix}${path}>; rel="successor-version"`;
  const told = { deprecation: "@1795996800", sunset: "Tue, 01 Jun 2027 12:00:00 GMT" };
  beforeAll(async () => {
    app = await place.app({ renamed: { clubs, people: { to: "members", since: "2026-01-01T00:00:00+01:00" } } });
  });

  test("GET /clubs/1 is GET /groups/1, and says so", async () => {
    const [old, now] = [await app.ask("GET /clubs/1"), await app.ask("GET /groups/1")];
    expect([old.status, old.text]).toEqual([200, now.text]);
    expect(old.headers).toMatchObject({ ...told, link: successor("/groups/1") });
    expect([now.headers.deprecation, now.headers.sunset, now.headers.link]).toEqual([undefined, undefined, undefined]);
  });

  test("lists, nested rows, writes and refusals", async () => {
    const list = await app.ask("GET /people?limit=1");
    expect(list.headers.deprecation).toBe("@1767222000");
    expect(list.headers.sunset).toBeUndefined();
    expect(list.headers.link).toContain('rel="next"');
    expect(String(list.headers.link).endsWith(`, ${successor("/members")}`)).toBe(true);
    expect((await app.ask("GET /clubs/1/members")).json.length).toBeGreaterThan(0);
    const made = await app.ask("POST /clubs", { body: { name: "Old name" } });
    expect([made.status, made.headers.deprecation]).toEqual([201, told.deprecation]);
    expect((await app.ask(`DELETE /groups/${made.json.id}`)).status).toBe(204);
    const lost = await app.ask("GET /clubs/999");
    isProblem(lost, 404, "not_found");
    expect(lost.headers.link).toBe(successor("/groups/999"));
    const batch = await app.ask("POST /batch", { body: [{ method: "GET", path: "/clubs/1?select=id" }] });
    expect(batch.json[0].body).toEqual({ id: 1 });
    expect(batch.json[0].headers).toMatchObject({ ...told, link: successor("/groups/1") });
    expect(batch.headers.deprecation).toBeUndefined();
    const both = await app.ask("POST /batch", {
      body: ["/groups/1", "/people/1"].map((path) => ({ method: "GET", path })),
    });
    const said = both.json.map(({ headers }: { headers: Record<string, string> }) => headers.deprecation);
    expect(said).toEqual([undefined, "@1767222000"]);
  });
});

onEveryDatabase(
  ddl,
  (place) => {
    test.each<[renamed: unknown, message: RegExp]>([
      ["clubs", /^options\.renamed: is an object of old names/],
      [{ clubs: "groups" }, /^options\.renamed\.clubs: is an object: \{ to/],
      [{ clubs: { ...clubs, too: "x" } }, /^options\.renamed\.clubs\.too: there is no such option/],
      [{ members: clubs }, /^options\.renamed\.members: \/members is in use/],
      [{ docs: clubs }, /^options\.renamed\.docs: \/docs is in use/],
      [
        { clubs: { ...clubs, to: "gruops" } },
        /^options\.renamed\.clubs\.to: there is no \/gruops\. Perhaps you meant 'groups'/,
      ],
      [{ clubs: { to: "groups" } }, /^options\.renamed\.clubs\.since: is a date/],
      [{ clubs: { ...clubs, since: "2026-02-31T99:00" } }, /^options\.renamed\.clubs\.since: is a date/],
      [{ clubs: { ...clubs, sunset: "2026-11-29" } }, /^options\.renamed\.clubs\.sunset: is not before since/],
    ])("%j is a mistake", (renamed, message) => expect(place.app({ renamed } as never)).rejects.toThrow(message));

    test("sapwood routes tells of them, and a role that sees less does not", async () => {
      const { createApi } = await import("../../src/api/create.js");
      const api = await createApi(place.db().url, {
        renamed: { clubs },
        user: () => ({ role: "reader" }),
        roles: { reader: { members: "read" } },
      } as never);
      try {
        expect(printRoutes(api.tree)).toContain(
          "/clubs is /groups: renamed 2026-11-30, and gone from 2027-06-01T12:00:00Z",
        );
        expect(printRoutes(api.as({ role: "reader", claims: {} }).tree)).not.toContain("clubs");
      } finally {
        await api.close();
      }
    });
  },
  ["sqlite"],
);
