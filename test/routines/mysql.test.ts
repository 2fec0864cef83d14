// Functions of MariaDB and MySQL itself over HTTP: what is read of them, GET and POST, below a row, and what they raise.
import { beforeAll, expect, test } from "vitest";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

const mariadb = `
  CREATE TABLE members (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(40) NOT NULL, level INT NOT NULL DEFAULT 0);
  INSERT INTO members (name, level) VALUES ('Ada', 1), ('Bob', 2);
  CREATE FUNCTION twice(n BIGINT) RETURNS BIGINT NO SQL COMMENT 'Two times n.' RETURN 2 * n;
  CREATE FUNCTION tax(price DECIMAL(10,2), rate DECIMAL(4,3)) RETURNS DECIMAL(12,4) DETERMINISTIC NO SQL RETURN price * rate;
  CREATE FUNCTION is_high(level INT) RETURNS BOOLEAN NO SQL RETURN level > 1;
  CREATE FUNCTION next_day(day DATE) RETURNS DATE NO SQL RETURN day + INTERVAL 1 DAY;
  CREATE FUNCTION member_rank(member_id INT) RETURNS VARCHAR(60) READS SQL DATA
    RETURN (SELECT CONCAT(name, ' is ', level) FROM members WHERE id = member_id);
  CREATE FUNCTION promote_member(member_id INT, steps INT) RETURNS INT MODIFIES SQL DATA
  BEGIN
    IF steps < 0 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Nobody is degraded.'; END IF;
    UPDATE members SET level = level + steps WHERE id = member_id;
    RETURN (SELECT level FROM members WHERE id = member_id);
  END;
  CREATE FUNCTION misdeclared() RETURNS INT READS SQL DATA BEGIN DELETE FROM members; RETURN 1; END;
  CREATE PROCEDURE report(least INT)
  BEGIN
    SELECT id, name FROM members WHERE level >= least ORDER BY id;
    SELECT 'another result', level FROM members;
    SELECT 1 FROM members WHERE FALSE;
  END;
  CREATE PROCEDURE fails_late() BEGIN SELECT 1 AS id, 'x' AS name; SELECT 2; SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Late.'; END;
  CREATE FUNCTION slow() RETURNS INT NO SQL RETURN SLEEP(30);`;

onEveryServer(
  { sqlite: "", postgres: "", mariadb },
  (place) => {
    let app: App;
    beforeAll(async () => {
      app = await place.app();
    });
    const get = async (path: string) => (await app.ask(`GET ${path}`)).text;
    const post = (path: string, body: unknown = {}) => app.ask(`POST ${path}`, { body });

    test("a value is a JSON value of its type", async () => {
      expect(await get("/rpc/twice?n=4611686018427387903")).toBe("9223372036854775806");
      expect(await get("/rpc/tax?price=10.50&rate=0.2")).toBe("2.1000");
      expect(await get("/rpc/is_high?level=2")).toBe("true");
      expect(await get("/rpc/next_day?day=2024-02-28")).toBe('"2024-02-29"');
      expect((await post("/rpc/twice", { n: null })).json).toBeNull();
    });

    test("what does not fit is said", async () => {
      expect((await app.ask("GET /rpc/twice")).json).toMatchObject({ status: 422, errors: [{ field: "n" }] });
      expect((await app.ask("GET /rpc/twice?n=x")).json).toMatchObject({ status: 422, errors: [{ field: "n" }] });
      expect((await post("/rpc/twice", { m: 1 })).json).toMatchObject({ status: 400, code: "unknown_argument" });
    });

    test("one that belongs to a table stands below its rows, and one that writes takes no GET", async () => {
      expect(await get("/members/2/rank")).toBe('"Bob is 2"');
      expect((await app.ask("GET /members/9/rank")).status).toBe(404);
      expect((await app.ask("GET /members/1/promote?steps=1")).status).toBe(405);
      const { status, json } = await app.ask("GET /rpc/misdeclared");
      expect([status, json.code, json.detail]).toEqual([
        403,
        "read_refused",
        expect.stringMatching(/^misdeclared is declared as what/),
      ]);
      expect((await post("/members/1/promote", { steps: 3 })).json).toBe(4);
      const refused = await post("/members/1/promote", { steps: -1 });
      expect(refused.json).toMatchObject({ status: 400, code: "raised", detail: "Nobody is degraded." });
      const tried = await app.ask("POST /members/1/promote", {
        body: { steps: 1 },
        headers: { prefer: "tx=rollback" },
      });
      expect(tried.json).toBe(5);
      expect(await get("/members/1?select=level")).toBe('{"level":4}');
    });

    test("with roles nothing may be called that is not granted", async () => {
      const roles = { anonymous: { members: "read", routines: { twice: "execute" } } } as const;
      const own = await place.app({ roles });
      expect((await own.ask("GET /rpc/twice?n=1")).json).toBe(2);
      expect((await own.ask("GET /rpc/is_high?level=1")).status).toBe(401);
    });

    test("a procedure that is called by hand answers its first result, and leaves the others to nobody else", async () => {
      const columns = [
        { name: "id", type: "integer" },
        { name: "name", type: "text" },
      ];
      const own = await place.app({
        routines: [
          {
            ...{ name: "report", sql: "CALL report(:least)", returns: columns },
            arguments: [{ name: "least", type: "integer" }],
          },
          { name: "fails_late", sql: "CALL fails_late()", returns: columns },
        ],
      });
      const ask = async (least: number) => (await own.ask("POST /rpc/report", { body: { least } })).json;
      for (let times = 0; times < 5; times++) {
        expect(await ask(-1)).toEqual([
          { id: 1, name: "Ada" },
          { id: 2, name: "Bob" },
        ]);
        expect(await ask(99)).toEqual([]);
        expect((await own.ask("POST /rpc/fails_late", { body: {} })).json).toMatchObject({
          status: 400,
          detail: "Late.",
        });
        expect((await own.ask("GET /members/2?select=name")).json).toEqual({ name: "Bob" });
      }
      const many = await Promise.all(
        [...Array(20)].map((_, i) => (i % 2 === 0 ? ask(99) : own.ask("GET /members?select=id&order-by=id:asc"))),
      );
      expect(many.map((answer) => answer.json ?? answer)).toEqual(
        [...Array(20)].map((_, i) => (i % 2 === 0 ? [] : [{ id: 1 }, { id: 2 }])),
      );
    });

    test("one that runs too long is ended", async () => {
      const short = await place.app({ statementTimeout: 1 });
      expect((await short.ask("GET /rpc/slow")).status).toBe(504);
    });
  },
  ["mariadb"],
);
