// Row rules: what they mean for whom, the same on every database; and what no config can mean.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import { type Created, databases } from "../support/databases.js";
import { askJson } from "../support/json-request.js";
import { sqlite } from "./asked.js";
import { forumDdl } from "./forum.js";

const ddl = `
  CREATE TABLE notes (id INTEGER PRIMARY KEY, owner CHAR(8), number BIGINT, team VARCHAR(20), parent_id INTEGER,
    FOREIGN KEY (parent_id) REFERENCES notes (id));
  INSERT INTO notes VALUES (1, 'ada', 1, 'jose', NULL), (2, 'bob', 9007199254740993, 'josé', 1), (3, 'Ada', 3, 'JOSE', 1),
    (4, 'ada', 4, 'jose ', 3);
`;

const big = 9007199254740993n;

for (const database of databases)
  describe.skipIf(database.skip)(`on ${database.name}`, () => {
    let created: Created;
    beforeAll(async () => {
      created = await database.create(ddl);
    });
    afterAll(() => created?.drop());

    test.each<[rule: string, claims: object, ids: readonly number[]]>([
      // Texts are equal to the letter, whatever the column's collation.
      ["owner=eq:$user.sub", { sub: "ada" }, [1, 4]],
      ["owner=$user.sub", { sub: "ada" }, [1, 4]],
      ["owner=in:$user.names", { names: ["ada", "bob"] }, [1, 2, 4]],
      ["owner=in:$user.names,Ada", { names: ["bob"] }, [2, 3]],
      ["owner=nin:$user.names", { names: ["ada"] }, [2, 3]],
      ["owner=ne:$user.sub", { sub: "ada" }, [2, 3]],
      ["team=eq:$user.team", { team: "jose" }, [1]],
      ["team=not.eq:$user.team", { team: "jose" }, [2, 3, 4]],
      ["team=startswith:$user.team", { team: "jos" }, [1, 2, 4]],
      ["team=contains:$user.team", { team: "%" }, []],
      ["number=eq:$user.sub", { sub: big }, [2]],
      ["number=eq:$user.sub", { sub: String(big) }, [2]],
      ["number=between:$user.low,$user.high", { low: 1, high: "3" }, [1, 3]],
      ["owner=eq:$user.org.owner", { org: { owner: "bob" } }, [2]],
      // A claim that is missing, or that the column cannot hold, is equal to nothing.
      ["owner=eq:$user.sub", {}, []],
      ["owner=eq:$user.sub", { sub: null }, []],
      ["owner=eq:$user.sub", { sub: { $ne: "" } }, []],
      ["owner=eq:$user.sub", { sub: ["ada"] }, [1, 4]],
      ["owner=eq:$user.sub", { sub: ["ada", "bob"] }, []],
      ["owner=in:$user.names", { names: [] }, []],
      ["owner=in:$user.names", { names: [["ada"]] }, []],
      ["number=eq:$user.sub", { sub: "1 OR 1=1" }, []],
      ["owner=eq:$user.constructor.name", {}, []],
      ["owner=eq:$user.__proto__.sub", {}, []],
      ["owner=ne:$user.sub", {}, []],
      ["owner=not.eq:$user.sub", {}, []],
      ["not.and=(owner=eq:$user.sub,number=lt:9)", {}, []],
      ["or=(number=eq:1,owner=eq:$user.sub)", {}, [1]],
      ["not.or=(number=eq:1,owner=eq:$user.sub)", {}, []],
      ["parent.owner=not.eq:$user.sub", {}, []],
      // Through relations it looks at all rows: those of the rule's own table too.
      ["parent.owner=eq:$user.sub", { sub: "Ada" }, [4]],
      ["parent.parent.owner=eq:$user.sub", { sub: "ada" }, [4]],
      ["notes.owner=eq:$user.sub", { sub: "ada" }, [3]],
    ])("%s for %o", async (rows, claims, ids) => {
      const roles = { member: { notes: { operations: "read", rows } } } as const;
      const api = await createApi(created.url, { roles, user: () => ({ role: "member", ...claims }) });
      const ask = async (query: string) => (await askJson(api, `GET /notes?${query}`)).json;
      expect((await ask("select=id")).map(({ id }: { id: number }) => id)).toEqual(ids);
      expect(await ask("select=count()")).toEqual([{ count: ids.length }]);
      await api.close();
    });
  });

describe("no config can mean", () => {
  let created: Created;
  beforeAll(async () => {
    created = await sqlite.create(`${forumDdl} CREATE TABLE log (text VARCHAR(20), user_id INTEGER);`);
  });
  afterAll(() => created?.drop());

  const post = (more: object) => ({ member: { posts: { operations: "*", ...more } } });
  test.each<[roles: unknown, message: RegExp]>([
    [{}, /options.roles: is an object of roles/],
    [[], /options.roles: is an object of roles/],
    [{ member: "all" }, /options.roles.member: is "\*", or an object of tables/],
    [{ 7: "*" }, /options.roles.7: a role's name is no number/],
    [{ member: { post: "read" } }, /options.roles.member.post: there is no such table. Perhaps you meant 'posts'/],
    [{ member: { posts: "reed" } }, /options.roles.member.posts: "reed" is no right.* Perhaps you meant 'read'/],
    [{ member: { posts: ["read", 7] } }, /7 is no right/],
    [{ member: { "*": { operations: "read" } } }, /options.roles.member.\*: takes rights alone/],
    [{ member: { posts: { read: ["id"] } } }, /options.roles.member.posts.operations: nothing is no right/],
    [post({ reads: ["id"] }), /options.roles.member.posts.reads: there is no such option. Perhaps you meant 'read'/],
    [
      post({ read: ["titel"] }),
      /options.roles.member.posts.read: posts has no column "titel". Perhaps you meant 'title'/,
    ],
    [post({ write: "title" }), /options.roles.member.posts.write: is an array of fields/],
    [post({ rows: "" }), /options.roles.member.posts.rows: is filters as a query string has them/],
    [post({ rows: "&" }), /options.roles.member.posts.rows: says nothing of the rows/],
    [
      post({ rows: "usr_id=eq:1" }),
      /options.roles.member.posts.rows: posts has no column 'usr_id'. Perhaps you meant 'user_id'/,
    ],
    [post({ rows: "user_id=eq:ada" }), /options.roles.member.posts.rows: user_id is a whole number/],
    [post({ rows: "limit=5" }), /options.roles.member.posts.rows: 'limit' is no filter/],
    [post({ rows: "user_id=eq:$user" }), /'\$user' names no claim/],
    [post({ rows: "user_id=eq:$user..sub" }), /'\$user..sub' names no claim/],
    [post({ rows: "title=like:$user.sub" }), /like: takes no claim/],
    [post({ rows: { write: "usr.id=eq:1" } }), /options.roles.member.posts.rows: posts has no relation 'usr'/],
    [post({ rows: { see: "id=1" } }), /options.roles.member.posts.rows.see: there is no such option/],
    [post({ set: { owner: 1 } }), /options.roles.member.posts.set.owner: posts has no column "owner"/],
    [post({ set: ["user_id"] }), /options.roles.member.posts.set: is an object of fields/],
    [{ member: { log: { operations: ["create"], rows: "user_id=eq:1" } } }, /logs has no primary key/],
  ])("%j", async (roles, message) => {
    await expect(createApi(created.url, { roles } as ApiOptions)).rejects.toThrow(message);
  });
});

test("a path fills in no column that may not be read", async () => {
  const created = await sqlite.create(`
    CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(50) UNIQUE);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, email VARCHAR(50) REFERENCES users (email));
    INSERT INTO users VALUES (1, 'ada@example.org');
  `);
  const posting = async (read: string[]) => {
    const roles = { member: { users: { operations: "read", read }, posts: "*" } } as const;
    const api = await createApi(created.url, { roles, user: () => ({ role: "member" }) });
    const { status } = await askJson(api, "POST /users/1/posts", {});
    await api.close();
    return status;
  };
  expect(await posting(["id"])).toBe(403);
  expect(await posting(["id", "email"])).toBe(201);
  await created.drop();
});
