// Columns of composite types (PostgreSQL): objects of their parts in answers, in bodies, in filters and in documents.
import { beforeAll, expect, test } from "vitest";
import type { ApiOptions } from "../../src/api/options.js";
import type { App } from "../support/apps.js";
import { onEveryDatabase } from "../support/matrix.js";

const ddl = `
  CREATE TYPE spot AS (x integer, y numeric);
  CREATE TYPE mood AS ENUM ('glad', 'sad');
  CREATE TYPE place AS (street text, at spot, opened timestamptz, mark bytea, how mood, tags text[], note json, size bigint, fee money);
  CREATE DOMAIN shop AS place CHECK ((VALUE).street <> 'Nowhere');
  CREATE TABLE marks (id integer PRIMARY KEY, at spot, path spot[]);
  INSERT INTO marks VALUES (1, '(1,2.50)', '{"(1,2)","(,)"}'), (2, NULL, NULL), (3, '(,)', '{}'), (4, '(0,9)', '{NULL}'), (5, '(10,1.0)', NULL);
  CREATE TABLE shops (id integer PRIMARY KEY, place place, spare place[], shop shop, changed integer NOT NULL DEFAULT 0);
  INSERT INTO shops (id, place, spare, shop, changed) VALUES
    (1, ROW('He said "no", \\ (twice), it''s', ROW(1, 2.50), '2024-02-29 12:30+02', '\\xff00', 'glad', '{a,NULL,"b,c"}', '{"k": null}', 9007199254740993, 1.5),
      ARRAY[ROW('A', NULL, 'infinity', '\\x00', NULL, '{}', 'null', 1, NULL)::place, NULL, ROW(NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL)::place], ROW('B', ROW(NULL, NULL), NULL, NULL, NULL, NULL, NULL, NULL, NULL), 0),
    (2, NULL, '{}', NULL, 0),
    (3, ROW('', NULL, NULL, NULL, NULL, NULL, 'null', NULL, NULL), NULL, NULL, 0);
  CREATE TABLE odd (id integer PRIMARY KEY, last marks);
  INSERT INTO odd SELECT id, marks FROM marks WHERE id = 1;
  CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW::text <> OLD::text THEN NEW.changed := OLD.changed + 1; END IF; RETURN NEW; END $$;
  CREATE TRIGGER counted BEFORE UPDATE ON shops FOR EACH ROW EXECUTE FUNCTION count_change();
  CREATE VIEW whole AS SELECT p.id, p AS row FROM marks p;
  CREATE FUNCTION near(around spot, shops place[] DEFAULT NULL) RETURNS TABLE (at spot, first place) LANGUAGE sql STABLE
    AS 'SELECT around, shops[1]';
  CREATE FUNCTION one_spot(around spot) RETURNS spot LANGUAGE sql STABLE AS 'SELECT around';
  CREATE FUNCTION spots(around spot) RETURNS spot[] LANGUAGE sql STABLE AS 'SELECT ARRAY[around, NULL]';
  CREATE PROCEDURE move(INOUT around place, OUT all_of spot[], OUT numbers integer[], OUT dims text[]) LANGUAGE plpgsql AS
    $$ BEGIN all_of := ARRAY[around.at, NULL]; numbers := '{1,NULL}'; dims := '{{"a,b",""},{"NULL",NULL}}'; END $$;`;

onEveryDatabase(
  { sqlite: "", postgres: ddl, mariadb: "" },
  (place) => {
    let app: App;
    const start = (options?: ApiOptions) => place.app(options);
    beforeAll(async () => {
      app = await start();
    });

    const get = async (path: string, from = app) => {
      const { status, json } = await from.ask(`GET ${path}`);
      return status === 200 ? json : [status, json.code, json.detail];
    };
    const ids = async (path: string) => (await get(path)).map(({ id }: { id: number }) => id);
    const none = { opened: null, mark: null, how: null, tags: null, note: null, size: null, fee: null };

    test("are objects of their parts, nested ones too, and NULL is not one whose parts are NULL", async () => {
      expect(await get("/marks?order-by=id:asc")).toEqual([
        {
          id: 1,
          at: { x: 1, y: 2.5 },
          path: [
            { x: 1, y: 2 },
            { x: null, y: null },
          ],
        },
        { id: 2, at: null, path: null },
        { id: 3, at: { x: null, y: null }, path: [] },
        { id: 4, at: { x: 0, y: 9 }, path: [null] },
        { id: 5, at: { x: 10, y: 1 }, path: null },
      ]);
      const [first] = await get("/shops?id=1");
      expect(first).toEqual({
        id: 1,
        place: {
          street: `He said "no", \\ (twice), it's`,
          at: { x: 1, y: 2.5 },
          opened: "2024-02-29T10:30:00+00:00",
          mark: "/wA=",
          how: "glad",
          tags: ["a", null, "b,c"],
          note: { k: null },
          size: 9007199254740992,
          fee: 1.5,
        },
        spare: [
          { street: "A", at: null, ...none, opened: "infinity", mark: "AA==", tags: [], size: 1 },
          null,
          { street: null, at: null, ...none },
        ],
        shop: { street: "B", at: { x: null, y: null }, ...none },
        changed: 0,
      });
      expect((await app.ask("GET /shops/1?select=place")).text).toContain('"size":9007199254740993,"fee":1.50');
    });

    test("so are rows of tables that stand in columns and in views", async () => {
      const row = {
        id: 1,
        at: { x: 1, y: 2.5 },
        path: [
          { x: 1, y: 2 },
          { x: null, y: null },
        ],
      };
      expect(await get("/odds")).toEqual([{ id: 1, last: row }]);
      expect(await get("/wholes?id=1")).toEqual([{ id: 1, row }]);
    });

    test("numbers within are text where bigNumbers says so", async () => {
      const big = await start({ bigNumbers: "string" });
      const [first] = await get("/shops?select=place,spare&id=1", big);
      expect([first.place.at, first.place.size, first.place.fee, first.spare[0].size]).toEqual([
        { x: 1, y: "2.50" },
        "9007199254740993",
        "1.50",
        "1",
      ]);
      expect(await get("/marks?select=at,path&id=1", big)).toEqual([
        {
          at: { x: 1, y: "2.50" },
          path: [
            { x: 1, y: "2" },
            { x: null, y: null },
          ],
        },
      ]);
    });

    test("a row that is sent back as it came has not changed", async () => {
      for (const path of [
        "/shops/1",
        "/shops/2",
        "/shops/3",
        "/marks/1",
        "/marks/2",
        "/marks/3",
        "/marks/4",
        "/odds/1",
      ]) {
        const own = await app.ask(`GET ${path}`);
        const { status, text } = await app.ask(`PUT ${path}`, {
          body: own.text,
          headers: { "content-type": "application/json" },
        });
        expect([path, status, text]).toEqual([path, 200, own.text]);
      }
      const csv = await app.ask("GET /shops?order-by=id:asc", { headers: { accept: "text/csv" } });
      const { status } = await app.ask("POST /shops?on-conflict=merge", {
        body: csv.text,
        headers: { "content-type": "text/csv" },
      });
      expect([status, await get("/shops?changed=gt:0")]).toEqual([200, []]);
    });

    test("bodies say them so, and what does not fit is said with its place", async () => {
      const patch = async (body: object) => {
        const { status, json } = await app.ask("PATCH /shops/2", { body });
        return status === 200 ? json : [status, json.code, json.detail];
      };
      const spare = [
        { street: 'q",(', at: { x: 1, y: "2.50" }, mark: "/wA=", note: { a: [1] }, tags: ["{", null] },
        null,
      ];
      expect((await patch({ spare, place: { at: { y: 1 } } })).spare).toEqual([
        { ...none, ...spare[0], at: { x: 1, y: 2.5 } },
        null,
      ]);
      expect((await get("/shops?id=2"))[0].place).toEqual({ street: null, at: { x: null, y: 1 }, ...none });
      expect(await patch({ place: { street: 5 } })).toEqual([
        422,
        "invalid_value",
        "place has a street that is text, not the number 5.",
      ]);
      expect(await patch({ place: { at: { z: 1 } } })).toEqual([
        422,
        "invalid_value",
        "place has a at that has no 'z'. Perhaps you meant 'x'. Its parts are x, y.",
      ]);
      expect((await patch({ place: [1] }))[2]).toContain("is an object of street, at");
      expect(await patch({ spare: { street: "a" } })).toEqual([
        422,
        "invalid_value",
        "spare is an array, not an object.",
      ]);
      expect((await patch({ place: "(a,b" }))[0]).toBe(422);
      expect((await patch({ shop: { street: "Nowhere" } }))[1]).toBe("check_violation");
    });

    test("are filtered and sorted whole, and by a path", async () => {
      expect(await ids('/marks?at=eq:{"x":1,"y":2.5}')).toEqual([1]);
      expect(await ids('/marks?at=in:"(1,2.5)","(0,9)"&order-by=id:asc')).toEqual([1, 4]);
      expect(await ids('/marks?at=gt:{"x":1}&order-by=at:asc')).toEqual([5, 3]);
      expect(await ids("/marks?at=is:null")).toEqual([2]);
      expect(await ids("/marks?at->x=gt:0&order-by=id:asc")).toEqual([1, 5]);
      expect(await ids("/marks?at->x=is:notnull&order-by=at->y:desc")).toEqual([4, 1, 5]);
      expect(await ids("/marks?path->0->y=2.0")).toEqual([1]);
      expect(await get("/marks?select=id,at->y::decimal&id=1")).toEqual([{ id: 1, y: 2.5 }]);
      expect(await ids('/shops?shop=eq:{"street":"B","at":{}}')).toEqual([1]);
      expect(await ids('/shops?spare->0->street=A&place->tags=contains:"b,c"')).toEqual([1]);
      const sorted: number[] = [];
      for (let path: string | undefined = "/marks?order-by=at:asc&limit=2"; path !== undefined; ) {
        const { json, headers } = await app.ask(`GET ${path}`);
        sorted.push(...json.map(({ id }: { id: number }) => id));
        path = /<\/api(\/[^>]*)>; rel="next"/.exec(String(headers.link))?.[1];
      }
      expect(sorted).toEqual([2, 4, 1, 5, 3]);
    });

    test("functions and procedures take them and answer them", async () => {
      expect(await get('/rpc/near?around={"x":1,"y":"2.5"}')).toEqual([{ at: { x: 1, y: 2.5 }, first: null }]);
      const body = { around: { x: 1 }, shops: [{ street: "s", at: { x: 2 } }] };
      expect((await app.ask("POST /rpc/near", { body })).json).toEqual([
        { at: { x: 1, y: null }, first: { street: "s", at: { x: 2, y: null }, ...none } },
      ]);
      expect(await get("/rpc/one_spot?around=(1,2)")).toEqual({ x: 1, y: 2 });
      expect(await get("/rpc/spots?around=(1,2)")).toEqual([{ x: 1, y: 2 }, null]);
      const around = {
        street: 'a ")(\\',
        at: { x: 1, y: 2 },
        ...none,
        mark: "/wA=",
        tags: ["x\\", null, '"'],
        opened: "2024-01-01T00:00:00+00:00",
      };
      expect((await app.ask("POST /rpc/move", { body: { around } })).json).toEqual({
        around,
        all_of: [{ x: 1, y: 2 }, null],
        numbers: [1, null],
        dims: [
          ["a,b", ""],
          ["NULL", null],
        ],
      });
    });

    test("the document says their parts", async () => {
      const { components } = await get("/openapi.json");
      const x = { type: ["integer", "null"], format: "int32" };
      const properties = { x, y: { type: ["number", "null"] } };
      expect(components.schemas.MarkSelection.properties).toMatchObject({
        at: { type: ["object", "null"], properties, required: ["x", "y"], additionalProperties: false },
      });
    });
  },
  ["postgres"],
);
