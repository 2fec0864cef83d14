// What `sapwood check` says of routines that run with their owner's rights, and that whoever has not signed in may call.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RolesOptions } from "../../src/access/roles.js";
import { createApi } from "../../src/api/create.js";
import { type Created, mariadb, mysql, postgres } from "../support/databases.js";
import { type LimitedUser, limitedUser } from "../support/limited-user.js";

const ddl = {
  sqlite: "",
  postgres: `
    CREATE TABLE notes (id int PRIMARY KEY);
    CREATE FUNCTION owned(n int) RETURNS int LANGUAGE sql STABLE SECURITY DEFINER AS 'SELECT n';
    CREATE FUNCTION other() RETURNS int LANGUAGE sql STABLE SECURITY DEFINER AS 'SELECT 1';
    CREATE FUNCTION plain() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1';`,
  mariadb: `
    CREATE TABLE notes (id INT PRIMARY KEY);
    CREATE FUNCTION owned(n INT) RETURNS INT NO SQL RETURN n;
    CREATE FUNCTION other() RETURNS INT NO SQL RETURN 1;
    CREATE FUNCTION plain() RETURNS INT NO SQL SQL SECURITY INVOKER RETURN 1;`,
};

for (const [database, kind] of [
  [postgres, "postgres"],
  [mariadb, "mariadb"],
  [mysql, "mariadb"],
] as const)
  describe.skipIf(database.skip)(database.name, () => {
    let created: Created;
    let user: LimitedUser;
    beforeAll(async () => {
      created = await database.create(ddl[kind]);
      const name = new URL(created.url).pathname.slice(1);
      const grants = {
        postgres: ["GRANT SELECT ON notes TO {user}"],
        mariadb: ["SELECT", "EXECUTE"].map((right) => `GRANT ${right} ON \`${name}\`.* TO {user}`),
      };
      user = await limitedUser(database, created, grants[kind]);
    });
    afterAll(async () => {
      await user?.drop();
      await created?.drop();
    });

    const found = async (roles: RolesOptions, url = user.url) => {
      const api = await createApi(url, { roles, user: () => null });
      try {
        return await api.checkRoles();
      } finally {
        await api.close();
      }
    };

    test("they are named once, for whoever has not signed in", async () => {
      const routines = { owned: "execute", plain: "execute" } as const;
      const [finding, ...others] = await found({ anonymous: { routines }, member: { routines: { other: "execute" } } });
      expect(others).toEqual([]);
      const id = expect.stringMatching(/^owned\(int(eger|\(11\))?\)$/);
      expect(finding).toMatchObject({ role: "anonymous", code: "anonymous_definer", routines: [id] });
      expect(finding?.message).toMatch(/^whoever has not signed in may call owned\(int.*SECURITY DEFINER.*is it meant/);
      const both = await found({ anonymous: { routines: { ...routines, other: "execute" } } });
      expect(both.map((one) => one.routines?.length)).toEqual([2]);
    });

    test("nothing is said of those with the caller's rights, nor of the connection's own where that is the default", async () => {
      expect(await found({ anonymous: { routines: { plain: "execute" } } })).toEqual([]);
      const own = await found({ anonymous: { routines: { owned: "execute" } } }, created.url);
      expect(own).toHaveLength(database.can.callAsCallerByDefault ? 1 : 0);
    });
  });
