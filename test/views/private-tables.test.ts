// A schema of views over tables of another one that nobody who asks may read: what the views pass through is found all the same.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answers, write } from "../support/answers.js";
import { type App, anyFramework } from "../support/apps.js";
import { type Created, databases, type TestDatabase } from "../support/databases.js";

const [, postgres] = databases as [TestDatabase, TestDatabase];

const ddl = (role: string) => `
CREATE SCHEMA private;
CREATE SCHEMA api;
CREATE TABLE private.t_members (id INTEGER PRIMARY KEY, name TEXT NOT NULL, secret TEXT);
CREATE TABLE private.t_clubs (id INTEGER PRIMARY KEY, title TEXT NOT NULL, owner INTEGER REFERENCES private.t_members);
CREATE TABLE private.t_links (club INTEGER REFERENCES private.t_clubs, person INTEGER REFERENCES private.t_members, PRIMARY KEY (club, person));
INSERT INTO private.t_members VALUES (1, 'Ada', 'x'), (2, 'Bob', 'y');
INSERT INTO private.t_clubs VALUES (1, 'Chess', 1), (2, 'Go', 2);
INSERT INTO private.t_links VALUES (1, 1), (1, 2), (2, 2);
CREATE VIEW api.members AS SELECT id AS no, name FROM private.t_members;
CREATE VIEW api.clubs AS SELECT id, title, owner AS owner_no FROM private.t_clubs;
CREATE VIEW api.club_members AS SELECT club AS club_id, person AS member_no FROM private.t_links;
CREATE ROLE ${role} LOGIN PASSWORD '${role}';
GRANT ${role} TO current_user;
GRANT USAGE ON SCHEMA api TO ${role};
GRANT SELECT ON api.members, api.clubs TO ${role};
GRANT ALL ON api.club_members TO ${role};
`;

describe.skipIf(postgres.skip)("PostgreSQL", () => {
  const role = `sapwood_reader_${randomBytes(4).toString("hex")}`;
  let created: Created;
  beforeAll(async () => {
    created = await postgres.create(ddl(role));
  });
  afterAll(async () => {
    await created.knex.raw(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await created.drop();
  });

  const asked = {
    "GET /members/2": { no: 2, name: "Bob" },
    "GET /members/2/clubs?select=title": [{ title: "Chess" }, { title: "Go" }],
    "GET /members/2/owner_clubs?select=title": [{ title: "Go" }],
    "GET /members/2/club_members?select=club(title)": [{ club: { title: "Chess" } }, { club: { title: "Go" } }],
    "GET /clubs/1?select=title,members(name),owner(name)": {
      title: "Chess",
      members: [{ name: "Ada" }, { name: "Bob" }],
      owner: { name: "Ada" },
    },
    "GET /clubs?members.name=Ada&select=id": [{ id: 1 }],
  };

  describe("for a connection that may read all", () => {
    let app: App;
    beforeAll(async () => {
      app = await anyFramework.start(created.url, { schema: "api" });
    });
    afterAll(() => app.close());
    answers(() => app, asked);
    test("only the views are there", () => {
      expect(app.api.tree.resources.map(({ table }) => table)).toEqual([
        "api.club_members",
        "api.clubs",
        "api.members",
      ]);
    });
  });

  describe("for a role of the database that may read the views alone", () => {
    let app: App;
    beforeAll(async () => {
      app = await anyFramework.start(created.url, {
        schema: "api",
        roles: { anonymous: "*" },
        inDatabase: { roles: { anonymous: role } },
      });
    });
    afterAll(() => app.close());
    answers(() => app, asked);
    test("links are written where the role may write them, and rows where it may not are a 403", async () => {
      await write(app, "POST /clubs/2/members/1/add", 201);
      await write(app, "POST /clubs/2/members/1/delete", 204);
      await write(app, "PATCH /members/1", 403, { name: "Eve" });
    });
  });

  describe("for a connection that may read the views alone", () => {
    let app: App;
    beforeAll(async () => {
      const url = new URL(created.url);
      url.username = role;
      url.password = role;
      app = await anyFramework.start(String(url), { schema: "api" });
    });
    afterAll(() => app.close());
    answers(() => app, asked);
    test("links are written where it may, and the rest has no routes", async () => {
      await write(app, "POST /clubs/2/members/1/add", 201);
      await write(app, "POST /clubs/2/members/1/delete", 204);
      await write(app, "PATCH /members/1", 405, { name: "Eve" });
    });
  });
});
