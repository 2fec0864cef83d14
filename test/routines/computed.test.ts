// Functions of one row as fields of its table (PostgreSQL): in `select`, filters, sorting, groups; who may see them; what they are not.
import openapiTS, { astToString } from "openapi-typescript";
import { beforeAll, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import { planFilters } from "../../src/plan/filter.js";
import { Values } from "../../src/plan/values.js";
import { parseFilter } from "../../src/request/filter.js";
import { printRoutes } from "../../src/routes/print.js";
import { lookupOf, tableOf } from "../../src/schema/lookup.js";
import { bindings, compile } from "../../src/sql/compile.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";

const ddl = `
  CREATE TABLE members (
    id serial PRIMARY KEY, first text NOT NULL, gone integer, last text NOT NULL, born date, members text DEFAULT 'x', taken text
  );
  ALTER TABLE members DROP COLUMN gone;
  CREATE TABLE notes (id serial PRIMARY KEY, member_id integer NOT NULL REFERENCES members, body text);
  INSERT INTO members (first, last, born) VALUES
    ('Ada', 'Lovelace', '1815-12-10'), ('Bob', 'Ross', NULL), ('Ada', 'Lovelace', '1990-01-01'), ('Cy', 'Young', '1867-03-29');
  INSERT INTO notes (member_id, body) VALUES (1, 'x'), (1, 'y'), (2, 'z'), (4, 'w');
  CREATE FUNCTION full_name(m members) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT m.first || ' ' || m.last $$;
  CREATE FUNCTION age(m members) RETURNS integer LANGUAGE plpgsql STABLE
    AS $$ BEGIN RETURN 2000 - extract(year FROM m.born); END $$;
  CREATE FUNCTION card(m members) RETURNS jsonb LANGUAGE sql IMMUTABLE
    AS $$ SELECT jsonb_build_object('name', m.first, 'size', length(m.last)) $$;
  CREATE FUNCTION taken(m members) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'not this' $$;
  CREATE FUNCTION notes(m members) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'not this' $$;
  CREATE FUNCTION shaky(m members) RETURNS double precision LANGUAGE sql VOLATILE AS $$ SELECT random() $$;
  CREATE FUNCTION greeted(m members, word text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT word || m.first $$;
  CREATE FUNCTION loud(n notes) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(n.body) $$;
  CREATE FUNCTION eldest() RETURNS members LANGUAGE sql STABLE AS $$ SELECT * FROM members ORDER BY born LIMIT 1 $$;
  CREATE FUNCTION called(name text) RETURNS SETOF members LANGUAGE sql STABLE
    AS $$ SELECT * FROM members WHERE first = called.name $$;
  CREATE FUNCTION late_notes(m members) RETURNS SETOF notes LANGUAGE sql STABLE
    AS $$ SELECT n.* FROM notes n WHERE n.member_id = m.id AND n.id > 1 $$;
  CREATE FUNCTION namesake(m members) RETURNS members LANGUAGE sql STABLE
    AS $$ SELECT o.* FROM members o WHERE o.first = m.first AND o.id <> m.id LIMIT 1 $$;
  CREATE FUNCTION wrote(n notes) RETURNS members LANGUAGE sql STABLE
    AS $$ SELECT o.* FROM members o WHERE o.id = n.member_id $$;
  CREATE INDEX members_full_name ON members (full_name(members.*));
  CREATE SCHEMA other;
  CREATE FUNCTION other.full_name(m members) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'far' $$;`;

onEveryDatabase(
  { sqlite: "", postgres: ddl, mariadb: "" },
  (place) => {
    let app: App;
    const start = (options?: ApiOptions) => place.app(options);
    const get = async (path: string) => (await app.ask(`GET ${path}`)).json;
    beforeAll(async () => {
      app = await start();
    });

    test("stand in select by their names, and not in *", async () => {
      expect(await get("/members?select=id,full_name&limit=2")).toEqual([
        { id: 1, full_name: "Ada Lovelace" },
        { id: 2, full_name: "Bob Ross" },
      ]);
      expect(await get("/members/1?select=called:full_name,age")).toEqual({ called: "Ada Lovelace", age: 185 });
      expect(Object.keys(await get("/members/1?select=*,age"))).toEqual([
        ...["id", "first", "last", "born", "members", "taken", "age"],
      ]);
      expect(await get("/members/1")).not.toHaveProperty("full_name");
      expect(await get("/notes?select=id,member(full_name)&id=3")).toEqual([
        { id: 3, member: { full_name: "Bob Ross" } },
      ]);
      expect(await get("/members/1?select=notes(loud)")).toEqual({ notes: [{ loud: "X" }, { loud: "Y" }] });
      expect(await get("/members/2?select=age")).toEqual({ age: null });
      const csv = await app.ask("GET /members?select=id,full_name&id=1", { headers: { accept: "text/csv" } });
      expect(csv.text.trim().split(/\r?\n/)).toEqual(["id,full_name", "1,Ada Lovelace"]);
    });

    test("are filtered by as columns of their type, through relations and in logic too", async () => {
      const ids = async (query: string) =>
        (await get(`/members?select=id&${query}`)).map(({ id }: { id: number }) => id);
      expect(await ids("full_name=Bob%20Ross")).toEqual([2]);
      expect(await ids("full_name=in:Cy%20Young,Bob%20Ross")).toEqual([2, 4]);
      expect(await ids("age=between:100,150")).toEqual([4]);
      expect(await ids("age=is:null")).toEqual([2]);
      expect(await ids("or=(full_name=like:B%25,age=lt:20)")).toEqual([2, 3]);
      expect(await ids("full_name=not.like:Ada%25")).toEqual([2, 4]);
      expect(await ids("full_name=fts:young")).toEqual([4]);
      expect(await ids("card->size=gt:5")).toEqual([1, 3]);
      expect(await ids("notes.loud=Y")).toEqual([1]);
      expect(await get("/notes?select=id&member.full_name=like:Ada%25")).toEqual([{ id: 1 }, { id: 2 }]);
      expect(await get("/members/1?select=notes(id)&notes.loud=X")).toEqual({ notes: [{ id: 1 }] });
      expect((await app.ask("GET /members?age=old")).json).toMatchObject({ status: 400, code: "invalid_filter" });
      expect((await app.ask("GET /members?full_nam=x")).json.detail).toContain("Perhaps you meant 'full_name'");
      expect((await app.ask("PATCH /members?full_name=Bob%20Ross", { body: { taken: "t" } })).status).toBeLessThan(300);
    });

    test("are sorted by, and pages follow one another by cursors", async () => {
      expect(await get("/notes?select=id&order-by=member.full_name:desc,id:asc")).toEqual(
        [4, 3, 1, 2].map((id) => ({ id })),
      );
      for (const order of ["age:asc", "age:desc", "full_name:desc,id:desc", "full_name:asc:nullslast"]) {
        const whole = await get(`/members?select=id&order-by=${order}`);
        const seen: unknown[] = [];
        let next: string | undefined = `/members?select=id&order-by=${order}&limit=1`;
        while (next !== undefined) {
          const page = await app.ask(`GET ${next}`);
          seen.push(...page.json);
          next = /<[^>]*\/api([^>]*)>; rel="next"/.exec(String(page.headers.link))?.[1];
        }
        expect(seen).toEqual(whole);
      }
    });

    test("make groups, and are put together", async () => {
      expect(await get("/members?select=full_name,count()&order-by=count:desc,full_name:asc")).toEqual([
        { full_name: "Ada Lovelace", count: 2 },
        { full_name: "Bob Ross", count: 1 },
        { full_name: "Cy Young", count: 1 },
      ]);
      expect(await get("/members?select=age.max(),least:age.min()")).toEqual([{ max: 185, least: 10 }]);
      expect(await get("/members?select=full_name,count()&having=full_name=like:C%25")).toHaveLength(1);
      expect((await app.ask("GET /members?full_name=like:Ada%25&count=exact")).headers["x-total-count"]).toBe("2");
    });

    test("of rows that a function answers", async () => {
      expect(await get("/rpc/eldest?select=full_name")).toEqual({ full_name: "Ada Lovelace" });
      expect(await get("/rpc/called?name=Ada&age=lt:20&select=id,full_name")).toEqual([
        { id: 3, full_name: "Ada Lovelace" },
      ]);
    });

    test("leave an index over the expression usable", async () => {
      const api = await createApi(place.db().knex);
      const lookup = lookupOf(api.schema, new Map(api.tree.resources.map((resource) => [resource.table, resource])));
      const values = new Values();
      const limits = { maxValues: 9, maxWords: 9, defaultLimit: 9, maxLimit: 9 };
      const names = { lookup, relations: new Map(), limits };
      const where = planFilters([parseFilter("full_name", "Bob Ross", 9)], tableOf(lookup, "members"), names, values);
      const statement = compile({ kind: "list", table: "members", where, order: [] }, lookup, api.dialect);
      const bound = bindings(statement, values.all, api.dialect) as string[];
      const plan = await place.db().knex.transaction(async (trx) => {
        await trx.raw("SET LOCAL enable_seqscan = off");
        return JSON.stringify((await trx.raw(`EXPLAIN ${statement.text.replace(/\$\d/g, "?")}`, bound)).rows);
      });
      expect(plan).toMatch(/(Index Scan using|Bitmap Index Scan on) members_full_name/);
    });

    test("are not what a column or a relation is called, nor what may write, nor what takes more than the row", async () => {
      expect(await get("/members/1?select=taken")).toEqual({ taken: null });
      expect(await get("/members/4?select=notes(body)")).toEqual({ notes: [{ body: "w" }] });
      for (const name of ["shaky", "greeted", "eldest"])
        expect((await app.ask(`GET /members?select=${name}`)).json).toMatchObject({
          status: 400,
          code: "unknown_column",
        });
    });

    test("cannot be written", async () => {
      const body = { first: "D", last: "E", full_name: "D E" };
      for (const line of ["POST /members", "PATCH /members/1", "PUT /members/1"]) {
        const { status, json } = await app.ask(line, { body });
        expect([status, json.code, json.errors[0].field]).toEqual([422, "read_only_column", "full_name"]);
      }
      const csv = await app.ask("POST /members", {
        body: "first,last,full_name\nD,E,F\n",
        headers: { "content-type": "text/csv" },
      });
      expect([csv.status, csv.json.code]).toEqual([422, "read_only_column"]);
      expect(await get("/members?select=count()")).toEqual([{ count: 4 }]);
    });

    test("keep their own routes, and go with include, exclude and fieldCase", async () => {
      expect(await get("/members/1/full_name")).toBe("Ada Lovelace");
      const without = await start({ exclude: ["full_name"] });
      expect((await without.ask("GET /members?select=full_name")).json.code).toBe("unknown_column");
      expect((await without.ask("GET /members/1?select=age")).json).toEqual({ age: 185 });
      const camel = await start({ fieldCase: "camel" });
      expect((await camel.ask("GET /members?select=fullName&fullName=like:B%25")).json).toEqual([
        { fullName: "Bob Ross" },
      ]);
    });

    test("are in the document, in /metadata and in the reasons for routes", async () => {
      const { components, paths } = await get("/openapi.json");
      const { properties } = components.schemas.MemberFlat;
      expect(properties.age).toMatchObject({ readOnly: true, type: ["integer", "null"], format: "int32" });
      expect(components.schemas.Member.required).not.toContain("age");
      expect(properties).not.toHaveProperty("shaky");
      const filters = paths["/members"].get.parameters.map(({ $ref }: { $ref: string }) => $ref.split("/").at(-1));
      expect(filters).toEqual(expect.arrayContaining(["age", "full_name"]));
      expect(JSON.stringify(components.schemas.MemberCreate ?? {})).not.toContain("full_name");
      const members = app.api.metadata().tables.find(({ table }) => table === "members");
      expect(members?.computed?.map(({ name, type }) => [name, type])).toEqual([
        ["age", "integer"],
        ["card", "json"],
        ["full_name", "text"],
      ]);
      expect(printRoutes(app.api.tree, { why: true })).toContain(
        "  field full_name — made of a row by full_name(members)",
      );
    });

    test("are in the types of a typed client, to be read alone", async () => {
      const document = await get("/openapi.json");
      const types = astToString(await openapiTS(document, { defaultNonNullable: false }));
      const shown = /MemberFlat: \{[\s\S]*?\n {8}\};/.exec(types)?.[0] ?? types;
      expect(shown).toMatch(/readonly age\?: number \| null;/);
      expect(shown).toMatch(/readonly full_name\?: string \| null;/);
      expect(/MemberCreate: [\s\S]*?\n {8}\};/.exec(types)?.[0] ?? "").not.toContain("full_name");
    });

    test("are not of rows that the config's own SQL answers", async () => {
      const routines = [{ name: "some", reads: true, arguments: [], returns: "members", sql: "SELECT * FROM members" }];
      const written = await start({ routines });
      expect((await written.ask("GET /rpc/some?select=id&limit=1")).json).toEqual([{ id: 1 }]);
      expect((await written.ask("GET /rpc/some?select=full_name")).json).toMatchObject({
        status: 400,
        code: "unknown_column",
      });
    });

    test("are a role's where their function is granted, and else as if they were not there", async () => {
      const roles: ApiOptions["roles"] = {
        reader: { members: "read", notes: "read", routines: { full_name: "execute" } },
        bare: { members: { operations: ["read", "create"], read: ["id"] } },
        ruled: { members: { operations: "read", rows: "full_name=like:Ada%25" } },
      };
      const user = (_: unknown, request: { header(name: string): string | undefined }) => ({
        role: request.header("x-role"),
      });
      const guarded = await start({ roles, user });
      const as = (role: string, line: string, body?: unknown) =>
        guarded.ask(line, { headers: { "x-role": role }, ...(body === undefined ? {} : { body }) });
      expect((await as("reader", "GET /members?select=full_name&limit=1")).json).toEqual([
        { full_name: "Ada Lovelace" },
      ]);
      expect((await as("reader", "GET /notes?member.full_name=Bob%20Ross&select=id")).json).toEqual([{ id: 3 }]);
      expect((await as("ruled", "GET /members?select=id")).json).toEqual([{ id: 1 }, { id: 3 }]);
      const refused = async (role: string, name: string) => {
        const said = await Promise.all(
          [
            `?select=${name}`,
            `?${name}=x`,
            `?order-by=${name}`,
            `?select=${name},count()`,
            `?select=${name}.max()`,
          ].map(async (query) => (await as(role, `GET /members${query}`)).json),
        );
        return said.map(({ status, detail }) => [status, String(detail).replaceAll(name, "NAME")]);
      };
      expect(await refused("reader", "age")).toEqual(await refused("reader", "agf"));
      expect(await refused("bare", "full_name")).toEqual(await refused("bare", "full_namf"));
      expect(JSON.stringify(await refused("bare", "ful_name"))).not.toContain("full_name");
      expect((await as("bare", "POST /members", { full_name: "x" })).json).toMatchObject({
        ...{ status: 400, code: "unknown_column" },
      });
    });

    test("that are rows are relations: embedded with all that lists take, and further on", async () => {
      expect(await get("/members?select=id,late_notes(id,body)&id=in:1,3")).toEqual([
        { id: 1, late_notes: [{ id: 2, body: "y" }] },
        { id: 3, late_notes: [] },
      ]);
      expect(await get("/members/1?select=namesake(id,full_name,notes(body))")).toEqual({
        namesake: { id: 3, full_name: "Ada Lovelace", notes: [] },
      });
      expect(await get("/members/2?select=other:namesake(id)")).toEqual({ other: null });
      expect(await get("/notes/3?select=wrote(first,late_notes(id,loud,wrote(last)))")).toEqual({
        wrote: { first: "Bob", late_notes: [{ id: 3, loud: "Z", wrote: { last: "Ross" } }] },
      });
      const cut = "late_notes.body=gt:a&late_notes.order-by=body:desc&late_notes.limit=1";
      expect(await get(`/members?select=id,late_notes(body)&${cut}&id=1`)).toEqual([
        { id: 1, late_notes: [{ body: "y" }] },
      ]);
      expect(await get("/members?select=id,late_notes(count())&id=lt:3")).toEqual([
        { id: 1, late_notes: [{ count: 1 }] },
        { id: 2, late_notes: [{ count: 1 }] },
      ]);
      expect(await get("/members/1")).not.toHaveProperty("late_notes");
      expect(await get("/members/1/late_notes")).toEqual([{ id: 2, member_id: 1, body: "y" }]);
    });

    test("that are rows are filtered through", async () => {
      const ids = async (query: string) =>
        (await get(`/members?select=id&${query}`)).map(({ id }: { id: number }) => id);
      expect(await ids("late_notes.body=y")).toEqual([1]);
      expect(await ids("or=(late_notes.body=y,late_notes.loud=W)")).toEqual([1, 4]);
      expect(await ids("late_notes=is:null")).toEqual([3]);
      expect(await ids("late_notes.count()=0")).toEqual([3]);
      expect(await ids("namesake.id=gt:2")).toEqual([1]);
      expect(await ids("namesake.notes.body=x")).toEqual([3]);
      expect((await get("/members?select=id,late_notes!inner(id)&id=gt:2")).length).toBe(1);
      expect(await get("/notes?select=id&wrote.namesake.full_name=like:Ada%25")).toEqual([{ id: 1 }, { id: 2 }]);
      expect((await get("/members?select=id&order-by=late_notes.count():asc,id:asc"))[0]).toEqual({ id: 3 });
      expect((await app.ask("GET /members?order-by=namesake.id")).json).toMatchObject({
        status: 400,
        code: "malformed_query",
      });
      expect((await app.ask("GET /members?select=late_notes")).json.detail).toContain("late_notes(*)");
      expect((await app.ask("GET /members?select=late_note(id)")).json.detail).toContain(
        "Perhaps you meant 'late_notes'",
      );
      expect((await app.ask("POST /members", { body: { first: "A", last: "B", late_notes: [] } })).json).toMatchObject({
        ...{ status: 400, code: "unknown_column" },
      });
    });

    test("that are rows show a role what it may read of the table, where the function is granted", async () => {
      const routines = { late_notes: "execute" } as const;
      const roles: ApiOptions["roles"] = {
        reader: { members: "read", notes: { operations: "read", read: ["id"], rows: "body=ne:y" }, routines },
        blind: { members: "read", routines },
        bare: { members: "read", notes: "read" },
      };
      const user = (_: unknown, request: { header(name: string): string | undefined }) => ({
        role: request.header("x-role"),
      });
      const guarded = await start({ roles, user });
      const as = async (role: string, line: string) =>
        (await guarded.ask(`GET ${line}`, { headers: { "x-role": role } })).json;
      expect(await as("reader", "/members?select=id,late_notes(*)&id=lt:3")).toEqual([
        { id: 1, late_notes: [] },
        { id: 2, late_notes: [{ id: 3 }] },
      ]);
      expect(await as("reader", "/members?select=id&late_notes.id=gt:0")).toEqual([{ id: 2 }, { id: 4 }]);
      expect(await as("reader", "/members?select=late_notes(body)")).toMatchObject({
        status: 400,
        code: "unknown_column",
      });
      for (const role of ["blind", "bare"])
        for (const query of ["select=late_notes(id)", "late_notes.id=1"]) {
          const said = await as(role, `/members?${query}`);
          expect(said).toMatchObject({ status: 400, code: "unknown_relation" });
          const other = await as(role, `/members?${query.replace("late_notes", "late_nofes")}`);
          expect(other.detail.replaceAll("late_nofes", "late_notes")).toBe(said.detail);
        }
    });

    test("that are rows are told of", async () => {
      const { components } = await get("/openapi.json");
      expect(components.schemas.MemberSelection.properties.late_notes).toMatchObject({ type: "array" });
      const members = app.api.metadata().tables.find(({ table }) => table === "members");
      expect(members?.called).toContainEqual({ name: "late_notes", table: "notes", routine: "late_notes(members)" });
      expect(printRoutes(app.api.tree, { why: true })).toContain(
        "  relation late_notes — made of a row by late_notes(members)",
      );
    });

    test("that are rows are whole where a list is too long for one statement", async () => {
      await place
        .db()
        .knex.raw(
          "CREATE TABLE big AS SELECT n AS id FROM generate_series(1, 2500) n; ALTER TABLE big ADD PRIMARY KEY (id)",
        );
      await place
        .db()
        .knex.raw(
          "CREATE FUNCTION wide(m members) RETURNS SETOF big LANGUAGE sql STABLE AS $$ SELECT * FROM big WHERE m.id < 9 $$",
        );
      const long = await start({ maxLimit: 3000, maxAnswerRows: 20_000 });
      const rows = (await long.ask("GET /members?select=id,wide(id)&wide.limit=2500&id=lt:4")).json;
      expect(rows.map(({ wide }: { wide: unknown[] }) => wide.length)).toEqual([2500, 2500, 2500]);
      const through = await long.ask("GET /members?select=id,namesake(id,wide(id))&namesake.wide.limit=2500&id=lt:3");
      expect(through.json[0].namesake.wide).toHaveLength(2500);
      expect(through.json[1]).toEqual({ id: 2, namesake: null });
    });
  },
  ["postgres"],
);
