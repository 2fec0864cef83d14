// Procedures of MariaDB and MySQL itself over HTTP: their results, what they answer in their arguments, and what they have done when
// they fail.
import { beforeAll, describe, expect, test } from "vitest";
import { commitsOf } from "../../src/dialect/mysql/commits.js";
import { buildRouteTree, readSchema, toOpenApi } from "../../src/index.js";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

const mariadb = `
  CREATE TABLE members (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(40) NOT NULL, level INT NOT NULL DEFAULT 0);
  CREATE TABLE accounts (id INT PRIMARY KEY, balance DECIMAL(20,4) NOT NULL);
  CREATE TABLE films (id INT PRIMARY KEY, store_id INT NOT NULL, copies INT NOT NULL);
  INSERT INTO members (name, level) VALUES ('Ada', 1), ('Bob', 2), ('Cy', 3);
  INSERT INTO accounts VALUES (1, 100), (2, 0);
  INSERT INTO films VALUES (1, 1, 2), (2, 1, 0);
  CREATE PROCEDURE film_in_stock(IN p_film_id INT, IN p_store_id INT, OUT p_film_count INT) READS SQL DATA
    COMMENT 'How many copies there are.'
  BEGIN
    SELECT id AS inventory_id FROM films WHERE id = p_film_id AND store_id = p_store_id AND copies > 0;
    SELECT SUM(copies) INTO p_film_count FROM films WHERE id = p_film_id AND store_id = p_store_id;
  END;
  CREATE PROCEDURE rewards_report(IN least INT, IN most INT, OUT rewarded INT) READS SQL DATA
  BEGIN
    CREATE TEMPORARY TABLE rewards (id INT PRIMARY KEY);
    INSERT INTO rewards SELECT id FROM members WHERE level BETWEEN least AND most;
    SELECT COUNT(*) INTO rewarded FROM rewards;
    SELECT m.id, m.name FROM members m JOIN rewards r ON r.id = m.id ORDER BY m.id;
    DROP TEMPORARY TABLE rewards;
  END;
  CREATE PROCEDURE transfer(IN sender INT, IN receiver INT, IN amount DECIMAL(20,4))
  BEGIN
    UPDATE accounts SET balance = balance - amount WHERE id = sender;
    IF (SELECT balance FROM accounts WHERE id = sender) < 0 THEN
      SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'There is not so much.', MYSQL_ERRNO = 30402;
    END IF;
    UPDATE accounts SET balance = balance + amount WHERE id = receiver;
  END;
  CREATE PROCEDURE promote_member(IN member_id INT, INOUT level_now INT)
  BEGIN
    UPDATE members SET level = level + level_now WHERE id = member_id;
    SELECT level INTO level_now FROM members WHERE id = member_id;
  END;
  CREATE PROCEDURE echo(INOUT big BIGINT UNSIGNED, INOUT exact DECIMAL(40,10), INOUT day DATE, INOUT at DATETIME(3), INOUT moment TIMESTAMP,
    INOUT span TIME, INOUT bytes BLOB, INOUT yes BOOLEAN, INOUT words TEXT, INOUT small FLOAT, OUT nothing INT)
    SELECT big, exact, day, at, span, bytes, yes, words, small, nothing, 1 AS big;
  CREATE PROCEDURE echo_json(INOUT doc JSON) SELECT doc;
  CREATE PROCEDURE several() BEGIN SELECT 1 AS a; SELECT 'x' AS b, NULL AS c FROM members; SELECT 1 FROM members WHERE FALSE; END;
  CREATE PROCEDURE kept(IN fails BOOLEAN)
  BEGIN
    INSERT INTO films VALUES (9, 9, 9); COMMIT; DELETE FROM members WHERE id = 1;
    IF fails THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Late.'; END IF;
  END;
  CREATE PROCEDURE wide(IN n INT) BEGIN DELETE FROM films WHERE id = 1; SELECT REPEAT('x', n) AS text; SELECT REPEAT('y', n) AS text; END;
  CREATE PROCEDURE slow() SELECT SLEEP(30);`;

onEveryServer(
  { sqlite: "", postgres: "", mariadb },
  (place) => {
    let app: App;
    beforeAll(async () => {
      app = await place.app();
    });
    const get = async (path: string) => (await app.ask(`GET ${path}`)).json;
    const post = (path: string, body: unknown = {}, headers = {}) => app.ask(`POST ${path}`, { body, headers });

    test("the first result is the answer, and ?results=all has the OUT arguments too", async () => {
      const film = { p_film_id: 1, p_store_id: 1 };
      expect((await post("/rpc/film_in_stock", film)).json).toEqual([{ inventory_id: 1 }]);
      expect((await post("/rpc/film_in_stock?results=all", film)).json).toEqual({
        ...{ results: [[{ inventory_id: 1 }]], out: { p_film_count: 2 } },
      });
      expect(await get("/rpc/film_in_stock?p_film_id=2&p_store_id=1&results=all")).toEqual({
        ...{ results: [[]], out: { p_film_count: 0 } },
      });
      expect((await post("/rpc/several?results=all")).json).toEqual({
        results: [[{ a: 1 }], Array(3).fill({ b: "x", c: null }), []],
        out: {},
      });
    });

    test("one that makes a temporary table is called in a transaction all the same", async () => {
      const asked = { least: 2, most: 3 };
      const rewarded = [
        { id: 2, name: "Bob" },
        { id: 3, name: "Cy" },
      ];
      for (let times = 0; times < 3; times++)
        expect((await post("/rpc/rewards_report?results=all", asked)).json).toEqual({
          ...{ results: [rewarded], out: { rewarded: 2 } },
        });
      expect((await post("/rpc/rewards_report", asked, { prefer: "tx=rollback" })).json).toEqual(rewarded);
      expect((await app.ask("GET /rpc/rewards_report?least=2&most=3")).status).toBe(405);
    });

    test("a failure leaves nothing done, and nothing is 204", async () => {
      expect((await post("/rpc/transfer", { sender: 1, receiver: 2, amount: 30 })).status).toBe(204);
      const refused = await post("/rpc/transfer", { sender: 1, receiver: 2, amount: 300 });
      expect(refused.json).toMatchObject({ status: 402, code: "raised", detail: "There is not so much." });
      expect((await app.ask("GET /accounts?select=balance")).text).toBe('[{"balance":70.0000},{"balance":30.0000}]');
      const batch = await post("/batch", [
        { method: "POST", path: "/rpc/transfer", body: { sender: 1, receiver: 2, amount: 1 } },
        { method: "POST", path: "/rpc/transfer", body: { sender: 1, receiver: 2, amount: 100 } },
      ]);
      expect(batch.status).toBe(402);
      expect((await app.ask("GET /accounts/1?select=balance")).text).toBe('{"balance":70.0000}');
    });

    test("INOUT arguments are said and answered, below a row too", async () => {
      expect((await post("/members/2/promote", { level_now: 5 })).json).toEqual({ level_now: 7 });
      expect((await post("/members/9/promote", { level_now: 5 })).status).toBe(404);
      expect((await post("/members/2/promote")).json).toMatchObject({ status: 422, errors: [{ field: "level_now" }] });
    });

    test("values keep their types and all digits, in arguments and in results", async () => {
      const said = [
        ...['"big":18446744073709551615', '"exact":123456789012345678901234567890.1234567891', '"day":"2024-02-29"'],
        ...['"at":"2024-02-29T01:02:03.5"', '"moment":"2024-02-29T01:02:03+00:00"', '"span":"01:02:03"'],
        ...['"bytes":"AP8="', '"yes":true', '"words":"ü\\""', '"small":1.1'],
      ];
      const shown = said.filter((field) => !field.startsWith('"moment"'));
      const { text } = await app.ask("POST /rpc/echo?results=all", { body: `{${said.join(",")}}` });
      expect(text).toBe(
        `{"results":[[{${shown.join(",")},"nothing":null,"big_2":1}]],"out":{${said.join(",")},"nothing":null}}`,
      );
      const asText = await place.app({ bigNumbers: "string" });
      const { json } = await asText.ask("POST /rpc/echo", { body: `{${said.join(",")}}` });
      expect(json[0]).toMatchObject({ big: "18446744073709551615", small: 1.1, exact: expect.any(String) });
    });

    test("JSON is JSON where the database tells it from text", async () => {
      const { routines = [] } = await readSchema(place.db().url);
      const isJson = routines.find(({ name }) => name === "echo_json")?.arguments[0]?.type.kind === "json";
      const doc = isJson ? '{"n": 9007199254740993}' : JSON.stringify('{"n": 9007199254740993}');
      const { text } = await app.ask("POST /rpc/echo_json?results=all", { body: `{"doc":${doc}}` });
      expect(text).toBe(`{"results":[[{"doc":${doc}}]],"out":{"doc":${doc}}}`);
    });

    test("what is wrong is said before anything is done", async () => {
      const wrong = [
        ["POST /rpc/several?result=all", "unknown_parameter", "results"],
        ["POST /rpc/several?limit=1", "unknown_parameter", "results=all"],
        ["POST /rpc/several?results=one", "malformed_query", "results=all"],
        ["GET /rpc/film_in_stock?p_fim_id=1&p_store_id=1", "unknown_argument", "p_film_id"],
        ["GET /rpc/film_in_stock?p_film_id=1&p_store_id=1&reslts=all", "unknown_parameter", "results"],
      ] as const;
      for (const [line, code, words] of wrong) {
        const { json } = await app.ask(line, line.startsWith("POST") ? { body: {} } : {});
        expect(json, line).toMatchObject({ status: 400, code });
        expect(json.detail).toContain(words);
      }
      expect((await post("/rpc/several", {}, { accept: "text/csv" })).status).toBe(406);
    });

    test("one that commits by itself is called alone, and what it has done stands", async () => {
      const tried = await post("/rpc/kept", { fails: false }, { prefer: "tx=rollback" });
      expect(tried.json).toMatchObject({ status: 400, code: "not_transactional" });
      const batch = await post("/batch", [
        { method: "POST", path: "/rpc/kept", body: { fails: false } },
        { method: "POST", path: "/rpc/several", body: {} },
      ]);
      expect(batch.json).toMatchObject({ status: 400, code: "not_transactional" });
      expect(await get("/films?id=9")).toEqual([]);
      const late = await post("/rpc/kept", { fails: true });
      expect(late.json).toMatchObject({ status: 400, code: "raised" });
      expect(late.json.detail).toMatch(/^Late\. .* stands\.$/);
      expect(await get("/films?id=9&select=id")).toEqual([{ id: 9 }]);
    });

    test("the bytes of all results are bounded, and what is too much has done nothing", async () => {
      const small = await place.app({ maxAnswerBytes: 100_000 });
      const refused = await small.ask("POST /rpc/wide", { body: { n: 60_000 } });
      expect(refused.json).toMatchObject({ status: 400, code: "too_complex" });
      expect((await small.ask("GET /films/1")).status).toBe(200);
      expect((await small.ask("POST /rpc/wide", { body: { n: 10 }, headers: { prefer: "tx=rollback" } })).json).toEqual(
        [{ text: "x".repeat(10) }],
      );
    });

    test("the document says that there are results, and what the OUT arguments are", async () => {
      const document = toOpenApi(buildRouteTree(await readSchema(place.db().url)));
      const text = JSON.stringify(document.paths["/rpc/film_in_stock"]);
      expect(text).toContain('"name":"results","in":"query"');
      expect(text).toContain('"out":{"type":"object","properties":{"p_film_count":');
      expect(JSON.stringify(document.paths["/members/{id}/promote"])).toContain('"level_now"');
    });

    test("one that runs too long is ended", async () => {
      const short = await place.app({ statementTimeout: 1 });
      expect((await short.ask("POST /rpc/slow", { body: {} })).status).toBe(504);
    });

    test("with roles nothing may be called that is not granted", async () => {
      const roles = { anonymous: { members: "read", routines: { several: "execute" } } } as const;
      const own = await place.app({ roles });
      expect((await own.ask("POST /rpc/several", { body: {} })).status).toBe(200);
      expect((await own.ask("POST /rpc/transfer", { body: {} })).status).toBe(401);
      expect((await own.ask("POST /members/1/promote", { body: {} })).status).toBe(401);
    });
  },
  ["mariadb"],
);

describe("whether a procedure ends its transaction", () => {
  const of = (body: string | null, modes = "") => commitsOf([{ kind: "PROCEDURE", routine: "p", body, modes }])("p");

  test.each([
    ["BEGIN COMMIT; END", true],
    ["BEGIN START  TRANSACTION; END", true],
    ["BEGIN ROLLBACK TO SAVEPOINT a; rollback work to a; END", undefined],
    ["BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION ROLLBACK; END", true],
    ["BEGIN SET autocommit = 1; END", true],
    ["TRUNCATE TABLE t", true],
    ["SELECT TRUNCATE(1.5, 1)", undefined],
    ["CREATE TABLE t (a INT)", true],
    ["BEGIN CREATE TEMPORARY TABLE t (a INT); DROP TEMPORARY TABLE t; END", undefined],
    ["BEGIN CREATE TEMPORARY TABLE t (a INT); DROP TABLE t; END", true],
    ["SELECT 'COMMIT', \"it's COMMIT\", 'a\\'COMMIT' -- COMMIT\n # COMMIT\n /* COMMIT */", undefined],
    ["SELECT 1 /*!50003 ; COMMIT */", true],
    ["SELECT `it's` AS a; COMMIT -- '", true],
    ["BEGIN PREPARE s FROM @x; EXECUTE s; DEALLOCATE PREPARE s; END", "unknown"],
    ["CALL elsewhere.q()", "unknown"],
    [null, "unknown"],
  ] as const)("%s", (body, ends) => expect(of(body)).toBe(ends));

  test("a backslash hides nothing where the procedure was made so", () =>
    expect(of("SELECT '\\'; COMMIT; SELECT '", "NO_BACKSLASH_ESCAPES")).toBe(true));

  test("by those that it calls, also in a circle", () => {
    const procedure = (routine: string, body: string) => ({ kind: "PROCEDURE", routine, body, modes: "" });
    const commits = commitsOf([
      procedure("a", "CALL b()"),
      procedure("b", "BEGIN CALL `A`(); CALL C(1); END"),
      procedure("c", "COMMIT"),
      procedure("d", "CALL d()"),
    ]);
    expect([commits("a"), commits("B"), commits("d")]).toEqual([true, true, undefined]);
  });
});
