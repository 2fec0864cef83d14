// Statements on MariaDB's own protocol: what goes there comes back, and what mysql2 does instead answers the same.
import knex, { type Knex } from "knex";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execute as executeByDriver } from "../../src/dialect/mysql/driver.js";
import { execute, forget } from "../../src/dialect/mysql/prepared.js";
import { executePacket } from "../../src/dialect/mysql/wire/parameters.js";
import { type Created, mariadb } from "../support/databases.js";

test("what does not fit in one packet is not put into one", () => {
  expect(executePacket(1, ["x".repeat(0xffffff - 19)])?.length).toBeGreaterThan(0xffff00);
  expect(executePacket(1, ["x".repeat(0xffffff)])).toBeUndefined();
});

describe.skipIf(mariadb.skip)("on a server", () => {
  let created: Created;
  const opened: { readonly pool: Knex; readonly connection: { end(done: () => void): void } }[] = [];
  let connection: unknown;
  const connect = async (more: object = {}) => {
    const { hostname: host, port, username: user, password, pathname } = new URL(created.url);
    const settings = { host, port: Number(port), user, password, database: pathname.slice(1), ...more };
    const pool = knex({ client: "mysql2", connection: settings, pool: { min: 0, max: 1 } });
    const connection = await pool.client.acquireRawConnection();
    opened.push({ pool, connection });
    return connection;
  };
  const one = async (text: string, values: readonly unknown[] = [], on = connection) =>
    (await execute(on, text, values)).rows[0];

  beforeAll(async () => {
    created = await (mariadb as NonNullable<typeof mariadb>).create(
      `CREATE TABLE kinds (id INT PRIMARY KEY AUTO_INCREMENT, tiny TINYINT, small SMALLINT UNSIGNED, medium MEDIUMINT, big BIGINT,
        huge BIGINT UNSIGNED, year YEAR, price DECIMAL(20,4), ratio FLOAT, share DOUBLE, name VARCHAR(400), doc LONGTEXT,
        bytes BLOB, day DATE, clock TIME(3), seen DATETIME(6), at TIMESTAMP NULL, mark SET('a','b'), bits BIT(9), uuid UUID)`,
    );
    connection = await connect();
  });
  afterAll(async () => {
    for (const { pool, connection } of opened) {
      await new Promise<void>((resolve) => connection.end(resolve));
      await pool.destroy();
    }
    await created?.drop();
  });

  test.each([0, 1, 250, 251, 65_535, 65_536, 1_000_000])("a text and bytes of length %i", async (length) => {
    const text = "é".repeat(length / 2) + "x".repeat(length % 2);
    const row = await one("SELECT ?, CHAR_LENGTH(?), HEX(?), LENGTH(?)", [
      text,
      text,
      Buffer.alloc(length, 0xff),
      text,
    ]);
    expect(row?.[0] === text).toBe(true);
    expect(row?.[1]).toBe(String(text.length));
    expect(row?.[2] === "FF".repeat(length)).toBe(true);
    expect(row?.[3]).toBe(String(Buffer.byteLength(text)));
  });

  test("numbers, and NULL among many", async () => {
    const whole = [0, -1, 127, 2 ** 31, -(2 ** 31) - 1, 2 ** 53 - 1, -(2 ** 53) + 1];
    const large = [2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n - 1n];
    const values = [...whole, ...large, 0.1, -2.5e300, true, false];
    const withNulls = values.flatMap((value) => [value, null]);
    const row = await one(`SELECT ${withNulls.map(() => "?").join(", ")}`, withNulls);
    expect(row).toEqual(
      withNulls.map((value) =>
        value === null
          ? null
          : String(Number(value) === value ? value : typeof value === "bigint" ? value : Number(value)),
      ),
    );
  });

  test("the value of every type, NULL and not", async () => {
    const set = await execute(
      connection,
      `INSERT INTO kinds VALUES (NULL, -128, 65535, -8388608, -9223372036854775808, 18446744073709551615, 2155, -1234567890123456.7891,
        0.5, 1e-7, 'ünï "x"', REPEAT('z', 70000), x'00ff', '2024-02-29', '-838:59:59.250', '2024-02-29 12:30:00.000010',
        '2024-02-29 12:30:00', 'a,b', b'101', '6f1c2b8e-0d3a-4c57-9e21-5b8f0a7d4c13')`,
      [],
    );
    expect(set).toMatchObject({ rows: [], affected: 1, insertId: "1" });
    await execute(connection, "INSERT INTO kinds (id, day, clock, seen) VALUES (2, NULL, '12:00', '2024-01-01')", []);
    const [first, second] = (await execute(connection, "SELECT * FROM kinds ORDER BY id", [])).rows;
    expect(first?.slice(0, 11)).toEqual([
      ...["1", "-128", "65535", "-8388608", "-9223372036854775808", "18446744073709551615", "2155"],
      ...["-1234567890123456.7891", "0.5", "1e-7", 'ünï "x"'],
    ]);
    expect(first?.[11] === "z".repeat(70_000)).toBe(true);
    expect(first?.slice(13, 18)).toEqual([
      "2024-02-29",
      "-838:59:59.25",
      "2024-02-29 12:30:00.00001",
      "2024-02-29 12:30:00",
      "a,b",
    ]);
    expect(first?.[19]).toBe("6f1c2b8e-0d3a-4c57-9e21-5b8f0a7d4c13");
    expect(second?.slice(1, 14)).toEqual(Array(13).fill(null));
    expect(second?.slice(14, 17)).toEqual(["12:00:00", "2024-01-01 00:00:00", null]);
  });

  test("more columns and rows than one byte counts", async () => {
    const columns = Array.from({ length: 300 }, (_, i) => i);
    expect(await one(`SELECT ${columns.join(", ")}`)).toEqual(columns.map(String));
    const { rows, affected } = await execute(connection, "SELECT seq, REPEAT('x', seq) FROM seq_1_to_3000", []);
    expect([rows.length, affected]).toEqual([3_000, 3_000]);
    expect(rows.every(([n, text]) => Number(n) === (text as string).length)).toBe(true);
    expect((await execute(connection, "SELECT 1 FROM kinds WHERE id = ?", [99])).rows).toEqual([]);
  });

  test("what a write has done", async () => {
    const changed = "UPDATE kinds SET tiny = ? WHERE id < ?";
    expect(await execute(connection, changed, [3, 99])).toEqual({ rows: [], affected: 2 });
    // The same once more: rows that are found count.
    expect(await execute(connection, changed, [3, 99])).toEqual({ rows: [], affected: 2 });
    expect((await execute(connection, "INSERT INTO kinds (tiny) VALUES (?) RETURNING tiny", [5])).rows).toEqual([
      ["5"],
    ]);
    expect((await execute(connection, "DELETE FROM kinds WHERE tiny = ?", [5])).affected).toBe(1);
    const large = "INSERT INTO kinds (id) VALUES (?)";
    expect(await execute(connection, large, [2_000_000_000])).toMatchObject({ affected: 1 });
  });

  test("errors are the statement's alone", async () => {
    await expect(execute(connection, "SELECT * FRM kinds", [])).rejects.toMatchObject({ code: "ER_PARSE_ERROR" });
    await expect(execute(connection, "INSERT INTO kinds (id) VALUES (?)", [1])).rejects.toMatchObject({ errno: 1062 });
    await expect(execute(connection, "SELECT (SELECT seq FROM seq_1_to_3)", [])).rejects.toMatchObject({ errno: 1242 });
    expect(await one("SELECT ?", ["still here"])).toEqual(["still here"]);
  });

  test("statements that the session has lost are prepared again, and those that were forgotten", async () => {
    const reset = (connection as { reset(done: (error: unknown) => void): void }).reset.bind(connection);
    expect(await one("SELECT ? + 1", [1])).toEqual(["2"]);
    await new Promise<void>((resolve, reject) => reset((error) => (error ? reject(error) : resolve())));
    expect(await one("SELECT ? + 1", [2])).toEqual(["3"]);
    forget(connection);
    expect(await one("SELECT ? + 1", [3])).toEqual(["4"]);
    const few = await connect({ maxPreparedStatements: 1 });
    for (const n of [1, 2, 1, 2]) expect(await one(`SELECT ? + ${n}`, [n], few)).toEqual([String(2 * n)]);
  });

  test.each([{ charset: "latin1" }, { charset: "utf8mb4", compress: true }, { charset: "utf8" }])(
    "a connection with %j",
    async (settings) => {
      const other = await connect(settings);
      const row = await execute(other, "SELECT ?, CONCAT('ünï', ?), ? + 0", ['é"', "x", 5]);
      expect(row.rows.map((row) => row.map(String))).toEqual([['é"', "ünïx", "5"]]);
    },
  );

  test("what is longer than a statement that is kept, and than a packet, goes by mysql2", async () => {
    const long = `SELECT ? /* ${"long".repeat(10_000)} */`;
    expect((await one(long, ["é"]))?.map(String)).toEqual(["é"]);
    const value = "x".repeat(17_000_000);
    const told = (ask: Promise<unknown>) => ask.then(String, (error: { errno?: number }) => error.errno);
    const text = "SELECT LENGTH(?)";
    const fresh = await connect();
    const other = await connect();
    expect(await told(execute(fresh, text, [value]))).toBe(await told(executeByDriver(other, text, [value])));
  });
});
