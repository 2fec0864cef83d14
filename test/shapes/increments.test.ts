// Increments of each database's own kinds of numbers, of what a SQLite column holds against its type, and what hooks see of them.
import { expect, test } from "vitest";
import { isProblem } from "../conformance/case.js";
import { write } from "../support/answers.js";
import { onEveryServer } from "../support/matrix.js";

interface Step {
  readonly id?: number;
  readonly column: string;
  readonly by: number | string;
  /** Nothing where it is refused as out of range. */
  readonly sum?: unknown;
}

const ddl = {
  sqlite: `CREATE TABLE counts (id INTEGER PRIMARY KEY, whole INTEGER, loose DECIMAL, tight NUMERIC(4,1), plain, ratio REAL);
    INSERT INTO counts VALUES (1, 5, 1.5, 999.8, 3, 1.0), (2, 'abc', 'x', 1, 1, 1.7e308), (3, 1.5, 12345678901234567, 1, 1, 1), (4, x'01', 0.1, 1, 1, 1);`,
  postgres: `CREATE TABLE counts (id INTEGER PRIMARY KEY, small SMALLINT, cash MONEY, real REAL, loose NUMERIC);
    INSERT INTO counts VALUES (1, 32766, 1.25, 1.5, 12345678901234567890.123456789);`,
  mariadb: `CREATE TABLE counts (id INTEGER PRIMARY KEY, huge BIGINT UNSIGNED, tiny TINYINT UNSIGNED, real_ FLOAT, wide DECIMAL(65,20), year_ YEAR);
    INSERT INTO counts VALUES (1, 18446744073709551614, 1, 1.5, 12345678901234567890.12345678901234567890, 2024);`,
};

const steps: Record<keyof typeof ddl, readonly Step[]> = {
  sqlite: [
    { column: "whole", by: -6, sum: "-1" },
    { column: "loose", by: 0.1, sum: "1.6" },
    { column: "tight", by: 0.1, sum: "999.9" },
    { column: "tight", by: 0.1 },
    { column: "tight", by: -1999.8, sum: "-999.9" },
    { column: "tight", by: -0.1 },
    { column: "ratio", by: 0.5, sum: "1.5" },
    { id: 2, column: "whole", by: 1 },
    { id: 2, column: "loose", by: 1 },
    { id: 2, column: "ratio", by: 1.7e308 },
    { id: 3, column: "whole", by: 1, sum: "2.5" },
    { id: 3, column: "loose", by: 1, sum: "12345678901234568" },
    { id: 3, column: "loose", by: 0.5 },
    { id: 4, column: "whole", by: 1 },
    { id: 4, column: "loose", by: 0.2, sum: "0.3" },
    { id: 4, column: "loose", by: 1e15 },
  ],
  postgres: [
    { column: "small", by: 1, sum: "32767" },
    { column: "small", by: 1 },
    { column: "small", by: "100000" },
    { column: "cash", by: 0.5, sum: "1.75" },
    { column: "real", by: 0.25, sum: "1.75" },
    { column: "loose", by: "0.000000001", sum: "12345678901234567890.123456790" },
  ],
  mariadb: [
    { column: "huge", by: 1, sum: "18446744073709551615" },
    { column: "huge", by: 1 },
    { column: "huge", by: "-9223372036854775808", sum: "9223372036854775807" },
    { column: "tiny", by: -1, sum: "0" },
    { column: "tiny", by: -1 },
    { column: "tiny", by: 256 },
    { column: "real_", by: 0.25, sum: "1.75" },
    { column: "wide", by: "0.00000000000000000010", sum: "12345678901234567890.12345678901234567900" },
    { column: "year_", by: 1, sum: "2025" },
  ],
};

onEveryServer(ddl, (place) => {
  for (const { id = 1, column, by, sum } of steps[place.name]) {
    test(`PATCH /counts/${id} of ${column} by ${by} ${sum === undefined ? "is refused" : `makes ${sum}`}`, async () => {
      const app = await place.app();
      const before = await app.ask(`GET /counts/${id}`);
      const line = `PATCH /counts/${id}`;
      const headers = { "content-type": "application/json" };
      const answer = await app.ask(line, { body: `{"${column}":{"increment":${by}}}`, headers });
      const after = await app.ask(`GET /counts/${id}`);
      if (sum !== undefined) {
        expect([answer.status, answer.text]).toEqual([200, after.text]);
        expect(answer.text).toContain(`"${column}":${sum}`);
        return;
      }
      isProblem(answer, 422, "invalid_value");
      expect(answer.json.errors).toEqual([{ field: column, message: "would be out of range" }]);
      expect(after.text).toBe(before.text);
    });
  }

  test("hooks see the increment and may change it", async () => {
    const [{ column }] = steps[place.name] as [Step];
    const seen: unknown[] = [];
    const app = await place.app({
      hooks: {
        preSave: ({ body }) => {
          seen.push(body[column]);
          body[column] = { increment: 0 };
        },
        postSave: ({ result }) => void seen.push((result as Record<string, unknown>).id),
      },
    });
    const before = await app.ask("GET /counts/1");
    const answer = await write(app, "PATCH /counts/1", 200, { [column]: { increment: 1 } });
    expect(seen).toEqual([{ increment: 1 }, 1]);
    expect(answer.text).toBe(before.text);
  });
});
