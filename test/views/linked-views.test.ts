// N-to-N through views: a view of the link table, and views of what it links. On every database.
import { beforeAll, describe, expect, test } from "vitest";
import { answers, refuses, write } from "../support/answers.js";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

const tables = `
CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, active INTEGER NOT NULL DEFAULT 1);
CREATE TABLE clubs (id INTEGER PRIMARY KEY, title VARCHAR(20) NOT NULL);
CREATE TABLE clubs_members (club_id INTEGER NOT NULL, member_id INTEGER NOT NULL, ended INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (club_id, member_id), FOREIGN KEY (club_id) REFERENCES clubs(id), FOREIGN KEY (member_id) REFERENCES members(id));
INSERT INTO members VALUES (1, 'Ada', 1), (2, 'Bob', 0);
INSERT INTO clubs VALUES (1, 'Chess'), (2, 'Go');
INSERT INTO clubs_members VALUES (1, 1, 0), (1, 2, 0), (2, 1, 1);
CREATE VIEW active_members AS SELECT id AS no, name FROM members WHERE active = 1;
CREATE VIEW current_memberships AS SELECT club_id AS club, member_id AS member FROM clubs_members WHERE ended = 0;
CREATE VIEW club_ages AS SELECT id, 2000 + id AS founded_by FROM clubs;
`;
const ddl = { sqlite: tables, postgres: tables, mariadb: tables };

onEveryServer(ddl, (place) => {
  describe("beside their tables", () => {
    let app: App;
    beforeAll(async () => {
      app = await place.app();
    });
    answers(() => app, {
      "GET /active_members/1/clubs?select=title": [{ title: "Chess" }, { title: "Go" }],
      "GET /active_members/1?select=name,clubs(title)": { name: "Ada", clubs: [{ title: "Chess" }, { title: "Go" }] },
      "GET /active_members?clubs.title=Go&select=name": [{ name: "Ada" }],
      "GET /clubs/1/active_members": [{ no: 1, name: "Ada" }],
      "GET /clubs/1/active_members/1": { no: 1, name: "Ada" },
      "GET /clubs?select=title,active_members(name)&active_members.name=Ada&title=Go": [
        { title: "Go", active_members: [{ name: "Ada" }] },
      ],
      "GET /members/1/clubs?select=title": [{ title: "Chess" }, { title: "Go" }],
      "GET /members/1/current_memberships_clubs?select=title": [{ title: "Chess" }],
      "GET /clubs/1?select=current_memberships_members(name)": {
        current_memberships_members: [{ name: "Ada" }, { name: "Bob" }],
      },
    });
    refuses(
      () => app,
      [
        ["GET /clubs/1/active_members/2", 404, "not_found"],
        ["POST /clubs/2/active_members/2/add", 404, "not_found", {}],
        // It would unlink those whom the view leaves out.
        ["PUT /clubs/1/active_members", 405, "method_not_allowed", []],
        ["DELETE /clubs/1/active_members", 400, "filter_required"],
      ],
    );
    test("links to the rows that a view shows are taken away by its filters, and no others", async () => {
      const own = await place.app();
      await write(own, "POST /clubs/2/members/2/add", 201);
      const gone = await own.ask("DELETE /clubs/2/active_members?no=gt:0", {
        headers: { prefer: "return=representation" },
      });
      expect([gone.status, gone.json]).toEqual([200, [{ no: 1, name: "Ada" }]]);
      expect((await write(own, "GET /clubs/2/members?select=id", 200)).json).toEqual([{ id: 2 }]);
      await write(own, "POST /clubs/2/active_members/1/add", 201, { ended: 1 });
      await write(own, "POST /clubs/2/members/2/delete", 204);
    });
    test.runIf(place.can.writeViewsByItself)(
      "rows of a view are changed by their filters, below what they are linked with",
      async () => {
        const own = await place.app();
        const changed = await write(own, "PATCH /clubs/1/active_members?name=Ada", 200, { name: "Eve" });
        expect(changed.json).toEqual([{ no: 1, name: "Eve" }]);
        expect((await write(own, "PATCH /clubs/1/active_members?no=1", 200, { name: "Ada" })).json).toHaveLength(1);
      },
    );
  });

  describe("in the place of their tables", () => {
    let app: App;
    beforeAll(async () => {
      app = await place.app({ exclude: ["clubs_members", "members"] });
    });
    answers(() => app, {
      "GET /clubs/1/active_members": [{ no: 1, name: "Ada" }],
      "GET /active_members/1/clubs": [{ id: 1, title: "Chess" }],
      "GET /current_memberships?club=2": [],
      "GET /current_memberships?select=member(name)&club.title=Chess&order-by=member:asc": [
        { member: { name: "Ada" } },
        { member: null },
      ],
      "GET /clubs?select=title,active_members(name)&current_memberships.member=2": [
        { title: "Chess", active_members: [{ name: "Ada" }] },
      ],
    });
    test("the hidden table and the view that stands for it are evidence", () => {
      const { decisions = [] } = app.api.tree.resources.find(({ table }) => table === "current_memberships") ?? {};
      expect(decisions.map(({ evidence }) => evidence.detail).join("\n")).toContain(
        "current_memberships(member) references active_members(no), which passes the key of members through",
      );
    });
  });

  test("belongsTo gives a view a relation that nothing tells of", async () => {
    const entry = { name: "club_ages", belongsTo: [{ table: "members", column: "founded_by", as: "founder" }] };
    const app = await place.app({ overrides: [entry] });
    expect((await write(app, "GET /club_ages/1?select=founded_by,founder(name)", 200)).json).toEqual({
      founded_by: 2001,
      founder: null,
    });
    expect((await write(app, "GET /members/1/founder_club_ages", 200)).json).toEqual([]);
  });

  test("a role has the views' rights and row rules, and their relations as far as it may read both ends", async () => {
    const roles = {
      anonymous: {
        active_members: { operations: ["read"], rows: "no=eq:1" },
        clubs: "read",
        current_memberships: { operations: ["read"], rows: "club=eq:1" },
      },
    } as const;
    const app = await place.app({ roles });
    await write(app, "GET /members", 401);
    expect((await write(app, "GET /clubs?select=title,current_memberships(member)", 200)).json).toEqual([
      { title: "Chess", current_memberships: [{ member: 1 }, { member: 2 }] },
      { title: "Go", current_memberships: [] },
    ]);
    // The link table is not granted.
    await write(app, "GET /active_members/1/clubs", 401);
    await write(app, "GET /active_members?select=clubs(title)", 400);
    const hidden = await place.app({ roles, exclude: ["clubs_members", "members"] });
    expect((await write(hidden, "GET /active_members?select=no,clubs(title)", 200)).json).toEqual([
      { no: 1, clubs: [{ title: "Chess" }] },
    ]);
    expect((await write(hidden, "GET /clubs/2/active_members", 200)).json).toEqual([]);
  });
});

onEveryServer(
  ddl,
  (place) => {
    test("links are added and taken away where the database writes them through the view", async () => {
      const app = await place.app();
      await write(app, "POST /active_members/1/clubs/2/delete", 204);
      expect((await write(app, "GET /members/1/clubs?select=id", 200)).json).toEqual([{ id: 1 }]);
      expect((await write(app, "POST /active_members/1/clubs/2/add", 201)).json).toMatchObject({ member_id: 1 });
      await write(app, "POST /clubs/1/current_memberships_members/2/delete", 204);
      await write(app, "POST /clubs/1/current_memberships_members/2/add", 201);
      expect((await write(app, "POST /clubs/1/current_memberships_members/2/add", 200)).json).toEqual({
        club: 1,
        member: 2,
      });
      expect((await write(app, "PUT /active_members/1/clubs", 200, [{ id: 2 }])).json).toEqual([
        { id: 2, title: "Go" },
      ]);
    });

    test("a link that stands, and that the view does not show, is no second one", async () => {
      const app = await place.app();
      await write(app, "PATCH /clubs_members/1,2", 200, { ended: 1 });
      await write(app, "POST /clubs/1/current_memberships_members/2/add", 403);
      expect((await write(app, "GET /clubs_members/1,2", 200)).json).toMatchObject({ ended: 1 });
    });
  },
  ["postgres", "mariadb"],
);
