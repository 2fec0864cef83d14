// PostgreSQL's functions and procedures over HTTP: arguments, overloads, answers of every form, rights, hooks, errors.
import { beforeAll, expect, test } from "vitest";
import type { ApiOptions } from "../../src/api/options.js";
import { HttpError } from "../../src/http/problem.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";

const ddl = `
  CREATE TABLE members (id serial PRIMARY KEY, name text NOT NULL, level integer NOT NULL DEFAULT 0);
  CREATE TABLE notes (id serial PRIMARY KEY, member_id integer NOT NULL REFERENCES members, body text);
  INSERT INTO members (name, level) VALUES ('Ada', 1), ('Bob', 2), ('Cy', 3);
  INSERT INTO notes (member_id, body) VALUES (1, 'x'), (1, 'y'), (2, 'z');
  CREATE FUNCTION double(n bigint DEFAULT 2) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 2 * n';
  CREATE FUNCTION pick(id integer) RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'number' $$;
  CREATE FUNCTION pick(id text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'text' $$;
  CREATE FUNCTION pick(id integer, how text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT how $$;
  CREATE FUNCTION from_level(least integer) RETURNS SETOF members LANGUAGE sql STABLE ROWS 10
    AS 'SELECT * FROM members WHERE level >= from_level.least';
  CREATE FUNCTION first_named(wanted text) RETURNS members LANGUAGE sql STABLE
    AS 'SELECT * FROM members WHERE name = wanted LIMIT 1';
  CREATE FUNCTION sizes() RETURNS TABLE (who text, size integer) LANGUAGE sql STABLE
    AS 'SELECT name, length(name) FROM members';
  CREATE FUNCTION series(top integer) RETURNS SETOF integer LANGUAGE sql IMMUTABLE AS 'SELECT generate_series(1, top)';
  CREATE FUNCTION split(INOUT n integer, OUT half numeric) LANGUAGE sql IMMUTABLE AS 'SELECT n, n / 2.0';
  CREATE FUNCTION sum_all(VARIADIC numbers integer[]) RETURNS bigint LANGUAGE sql IMMUTABLE
    AS 'SELECT sum(x) FROM unnest(numbers) x';
  CREATE FUNCTION keep(json) RETURNS json LANGUAGE sql IMMUTABLE AS 'SELECT $1';
  CREATE FUNCTION forget() RETURNS void LANGUAGE sql AS 'DELETE FROM notes WHERE id < 0';
  CREATE FUNCTION promote_member(member_id integer, by integer DEFAULT 1) RETURNS members LANGUAGE sql
    AS 'UPDATE members SET level = level + by WHERE id = member_id RETURNING *';
  CREATE FUNCTION greet(m members, word text DEFAULT 'Hello') RETURNS text LANGUAGE sql STABLE
    AS $$ SELECT word || ' ' || m.name $$;
  CREATE FUNCTION sneaky() RETURNS integer LANGUAGE sql STABLE AS 'SELECT added()';
  CREATE FUNCTION added() RETURNS integer LANGUAGE sql AS $$ INSERT INTO notes (member_id, body) VALUES (1, 'q') RETURNING id $$;
  CREATE FUNCTION misdeclared() RETURNS integer LANGUAGE plpgsql STABLE AS $$ BEGIN DELETE FROM notes; RETURN 1; END $$;
  CREATE FUNCTION misdeclared_rows() RETURNS SETOF notes LANGUAGE sql STABLE AS 'DELETE FROM notes RETURNING *';
  CREATE FUNCTION fixed(n integer) RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'one' $$;
  CREATE FUNCTION fixed(n integer, m integer DEFAULT 2) RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'two' $$;
  CREATE FUNCTION elsewhere() RETURNS text LANGUAGE plpgsql AS $$ BEGIN SET search_path = pg_catalog; RETURN current_setting('search_path'); END $$;
  CREATE FUNCTION elsewhere_read() RETURNS text LANGUAGE sql STABLE AS $$ SELECT set_config('search_path', 'pg_catalog', false) $$;
  CREATE FUNCTION refuse(how text) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'Not today.' USING ERRCODE = how, DETAIL = 'It is Sunday.', HINT = 'Come back.'; END $$;
  CREATE FUNCTION slow() RETURNS integer LANGUAGE sql AS 'SELECT 1 FROM pg_sleep(30)';
  CREATE PROCEDURE bump(INOUT n integer, OUT twice integer) LANGUAGE plpgsql AS $$ BEGIN n := n + 1; twice := 2 * n; END $$;
  CREATE PROCEDURE commits() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO notes (member_id, body) VALUES (3, 'c'); COMMIT; END $$;`
  // sql functions are checked when they are made
  .replace(/( {2}CREATE FUNCTION sneaky[^\n]*\n)( {2}CREATE FUNCTION added[^\n]*\n)/, "$2$1")
  .replace("from_level(least integer)", "from_level(floor integer)")
  .replace("from_level.least", "from_level.floor");

onEveryDatabase(
  { sqlite: "", postgres: ddl, mariadb: "" },
  (place) => {
    let app: App;
    const start = (options?: ApiOptions) => place.app(options);
    const get = async (path: string) => (await app.ask(`GET ${path}`)).json;
    const post = (path: string, body: unknown = {}) => app.ask(`POST ${path}`, { body });
    beforeAll(async () => {
      app = await start();
    });

    test("a scalar is a JSON value, of GET and of POST, with its default", async () => {
      expect(await get("/rpc/double?n=21")).toBe(42);
      expect((await app.ask("GET /rpc/double?n=4611686018427387903")).text).toBe("9223372036854775806");
      expect(await get("/rpc/double")).toBe(4);
      expect((await post("/rpc/double", { n: 5 })).json).toBe(10);
      expect(
        (await app.ask("POST /rpc/double", { body: '{"n":null}', headers: { "content-type": "application/json" } }))
          .json,
      ).toBeNull();
    });

    test("an argument that is unknown, missing or of another type is said, and overloads are told apart", async () => {
      const problem = async (path: string) => {
        const { status, json } = await app.ask(`GET ${path}`);
        return [status, json.code, json.errors?.[0]?.field, json.detail];
      };
      expect(await problem("/rpc/from_level?flor=1")).toEqual([
        ...[400, "unknown_argument", undefined],
        "There is no argument 'flor'. Perhaps you meant 'floor'. Its arguments are floor.",
      ]);
      expect(await problem("/rpc/from_level?level=1")).toEqual([422, "missing_argument", "floor", expect.any(String)]);
      expect(await problem("/rpc/double?n=1&other=1")).toEqual([
        ...[400, "unknown_argument", undefined],
        "There is no argument 'other'. Its arguments are n.",
      ]);
      expect(await problem("/rpc/double?nn=1")).toEqual([400, "unknown_argument", undefined, expect.any(String)]);
      expect((await post("/rpc/double", { m: 1 })).json).toMatchObject({ status: 400, code: "unknown_argument" });
      expect(await problem("/rpc/double?n=x")).toEqual([
        422,
        "invalid_value",
        "n",
        expect.stringMatching(/integer|number/),
      ]);
      const [status, code, , detail] = await problem("/rpc/pick?id=1");
      expect([status, code]).toEqual([400, "ambiguous_call"]);
      expect(detail).toContain("pick(id integer); pick(id text)");
      expect(await get("/rpc/pick?id=1&how=so")).toBe("so");
      expect((await problem("/rpc/fixed?n=1")).slice(0, 2)).toEqual([400, "ambiguous_call"]);
      expect(await get("/rpc/fixed?n=1&m=2")).toBe("two");
      expect((await app.ask("GET /rpc/duoble")).status).toBe(404);
    });

    test("rows of a table are that table's rows", async () => {
      expect(await get("/rpc/from_level?floor=2")).toMatchObject([{ id: 2, name: "Bob", level: 2 }, { id: 3 }]);
      expect(await get("/rpc/from_level?floor=1&name=eq:Bob")).toHaveLength(1);
      expect(await get("/rpc/from_level?floor=1&select=name,notes(body)&order-by=id:asc&limit=1")).toEqual([
        { name: "Ada", notes: [{ body: "x" }, { body: "y" }] },
      ]);
      const page = await app.ask("GET /rpc/from_level?floor=1&limit=2&count=exact");
      expect(page.headers["x-total-count"]).toBe("3");
      const next = /<[^>]*\/api([^>]*)>; rel="next"/.exec(String(page.headers.link))?.[1];
      expect(await get(String(next))).toMatchObject([{ id: 3 }]);
      const csv = await app.ask("GET /rpc/from_level?floor=3", { headers: { accept: "text/csv" } });
      expect(csv.text.trim().split(/\r?\n/)).toEqual(["id,name,level", "3,Cy,3"]);
      expect((await app.ask("GET /rpc/from_level?floor=1&nam=x")).json).toMatchObject({ status: 400 });
      expect((await post("/rpc/from_level?select=id", { floor: 3 })).json).toEqual([{ id: 3 }]);
    });

    test("one row is an object with related rows, and none is null", async () => {
      expect(await get("/rpc/first_named?wanted=Ada&select=level,notes(id)")).toEqual({
        level: 1,
        notes: [{ id: 1 }, { id: 2 }],
      });
      expect(await get("/rpc/first_named?wanted=Zed")).toBeNull();
    });

    test("declared columns take filters, columns, order and slices; values are a list; OUT is an object", async () => {
      expect(await get("/rpc/sizes?size=lt:3&select=who")).toEqual([{ who: "Cy" }]);
      expect(await get("/rpc/sizes?order-by=size:asc,who:desc&limit=2")).toEqual([
        { who: "Cy", size: 2 },
        { who: "Bob", size: 3 },
      ]);
      expect(await get("/rpc/series?top=3")).toEqual([1, 2, 3]);
      expect(await get("/rpc/series?top=9&value=gt:7")).toEqual([8, 9]);
      expect(await get("/rpc/split?n=3")).toMatchObject({ n: 3, half: 1.5 });
      expect((await post("/rpc/sum_all", { numbers: [1, 2, 3] })).json).toBe(6);
      expect((await post("/rpc/keep", [1, { a: 2 }])).json).toEqual([1, { a: 2 }]);
      expect((await post("/rpc/forget")).status).toBe(204);
    });

    test("a procedure answers what goes out of it", async () => {
      expect((await post("/rpc/bump", { n: 4 })).json).toEqual({ n: 5, twice: 10 });
      expect((await app.ask("GET /rpc/bump?n=4")).status).toBe(405);
    });

    test("one that commits by itself is called alone", async () => {
      expect((await post("/rpc/commits")).status).toBe(204);
      const batch = await post("/batch", [{ method: "POST", path: "/rpc/commits", body: {} }]);
      expect([batch.status, batch.json.code]).toEqual([400, "not_transactional"]);
      const tried = await app.ask("POST /rpc/commits", { body: {}, headers: { prefer: "tx=rollback" } });
      expect([tried.status, tried.json.code]).toEqual([400, "not_transactional"]);
      expect(await get("/notes?body=c&select=count()")).toEqual([{ count: 1 }]);
    });

    test("one that belongs to a table stands below its rows, which must be there", async () => {
      expect((await post("/members/1/promote", { by: 4 })).json).toMatchObject({ id: 1, level: 5 });
      expect((await post("/members/99/promote")).status).toBe(404);
      expect((await post("/rpc/promote_member", { member_id: 1, by: -4 })).json).toMatchObject({ level: 1 });
      expect(await get("/members/2/greet?word=Hi")).toBe("Hi Bob");
      expect((await app.ask("GET /rpc/greet")).status).toBe(404);
      expect((await app.ask("GET /members/x/greet")).status).toBe(404);
    });

    test("GET writes nothing, whatever a function says of itself; tx=rollback keeps nothing", async () => {
      const before = await get("/notes?select=count()");
      for (const name of ["sneaky", "misdeclared", "misdeclared_rows"]) {
        const { status, json } = await app.ask(`GET /rpc/${name}`);
        expect([status, json.code, json.detail]).toEqual([
          ...[403, "read_refused"],
          `${name} is declared as what changes nothing, and writes: the database refuses that. It has to be declared as what it is.`,
        ]);
      }
      expect((await post("/rpc/misdeclared")).status).toBe(403);
      const tried = await app.ask("POST /rpc/added", { body: {}, headers: { prefer: "tx=rollback" } });
      expect(tried.status).toBe(200);
      expect(await get("/notes?select=count()")).toEqual(before);
    });

    test("what a function sets of its connection stays with nobody", async () => {
      for (let i = 0; i < 12; i++) {
        expect((await (i % 2 === 0 ? post("/rpc/elsewhere") : app.ask("GET /rpc/elsewhere_read"))).json).toBe(
          "pg_catalog",
        );
        expect(await get("/rpc/from_level?floor=3&select=name")).toEqual([{ name: "Cy" }]);
      }
    });

    test("a batch calls, and uses what was answered", async () => {
      const { json } = await post("/batch", [
        { method: "POST", path: "/rpc/double", body: { n: 1 } },
        { method: "POST", path: "/members/2/promote", body: { by: 1 } },
        { method: "POST", path: "/rpc/double", body: { n: "$1.level" } },
      ]);
      expect(json.map(({ body }: { body: unknown }) => body)).toMatchObject([2, { id: 2, level: 3 }, 6]);
    });

    test("what is raised on purpose reaches the client, with its status", async () => {
      expect((await post("/rpc/refuse", { how: "P0001" })).json).toMatchObject({
        ...{ status: 400, code: "raised", detail: "Not today.", details: "It is Sunday.", hint: "Come back." },
      });
      expect((await post("/rpc/refuse", { how: "PT402" })).json).toMatchObject({ status: 402, code: "raised" });
    });

    test("one that runs too long is a 504, and cancelled", async () => {
      const short = await start({ statementTimeout: 1 });
      const began = performance.now();
      expect((await short.ask("POST /rpc/slow", { body: {} })).status).toBe(504);
      expect(performance.now() - began).toBeLessThan(10_000);
      const running = await place
        .db()
        .knex.raw(
          "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%slow%' AND state = 'active' AND pid <> pg_backend_pid()",
        );
      expect(Number(running.rows[0].count)).toBe(0);
    });

    test("nothing is granted to a role by itself, and rows are the caller's own", async () => {
      const user = async (_raw: unknown, request: { header(name: string): string | undefined }) =>
        request.header("x-role") ? { role: request.header("x-role") } : undefined;
      const roles: ApiOptions["roles"] = {
        reader: {
          members: { operations: "read", rows: "level=lt:3" },
          routines: { from_level: "execute", promote_member: "execute" },
        },
        other: { notes: "read", routines: { promote_member: "execute" } },
        bare: { members: "read" },
      };
      const guarded = await start({ roles, user });
      const as = (role: string, line: string, body?: unknown) =>
        guarded.ask(line, { headers: { "x-role": role }, ...(body === undefined ? {} : { body }) });
      expect(
        (await as("reader", "GET /rpc/from_level?floor=1&select=level")).json.every(
          ({ level }: { level: number }) => level < 3,
        ),
      ).toBe(true);
      expect((await as("reader", "GET /rpc/double?n=1")).status).toBe(403);
      expect((await as("bare", "GET /rpc/from_level?floor=1")).status).toBe(403);
      expect((await as("reader", "POST /members/3/promote", {})).status).toBe(404);
      expect((await as("other", "POST /members/1/promote", {})).status).toBe(403);
      await expect(start({ roles: { a: { routines: { duoble: "execute" } } }, user })).rejects.toThrow(
        /no such function.*double/,
      );
    });

    test("hooks see and change arguments and results", async () => {
      const seen: unknown[] = [];
      const hooked = await start({
        hooks: {
          preCall: (context: { body: { n?: unknown }; routine?: string }) => {
            if (context.body.n === 13) throw new HttpError(418, "Not thirteen.", { code: "unlucky" });
            seen.push(context.routine);
            context.body.n = 100;
          },
          postCall: (context: { result: unknown }) => {
            context.result = { doubled: context.result };
          },
          afterCommit: () => void seen.push("committed"),
        },
      });
      expect((await hooked.ask("POST /rpc/double", { body: { n: 1 } })).json).toEqual({ doubled: 200 });
      expect(seen).toEqual(["double", "committed"]);
      expect((await hooked.ask("POST /rpc/double", { body: { n: 13 } })).status).toBe(418);
    });

    test("a read-only API calls what reads", async () => {
      const reading = await start({ readOnly: true });
      expect((await reading.ask("POST /rpc/double", { body: { n: 1 } })).json).toBe(2);
      expect((await reading.ask("POST /rpc/added", { body: {} })).status).toBe(404);
      expect((await reading.ask("POST /members/1/promote", { body: {} })).status).toBe(404);
    });

    test("documents tell of them: OpenAPI, metadata, and why", async () => {
      const document = (await app.ask("GET /openapi.json")).json as {
        paths: Record<string, Record<string, { parameters?: { name: string }[] }>>;
      };
      expect(document.paths["/rpc/double"]?.get?.parameters?.map(({ name }) => name)).toEqual(["n"]);
      expect(document.paths["/members/{id}/promote"]?.post).toBeDefined();
      const promote = app.api.metadata().routines?.find(({ routine }) => routine.startsWith("promote_member"));
      expect(promote).toMatchObject({
        path: "/rpc/promote_member",
        belongsTo: { path: "/members/:id/promote" },
        reads: false,
      });
      expect(promote?.evidence[1]).toMatchObject({ by: "name" });
    });
  },
  ["postgres"],
);
