// SQL Server's errors, as the driver hands them on from a real socket, and what they mean to the API.
import { describe, expect, test } from "vitest";
import { explain } from "../../src/cli/failure.js";
import type { DatabaseRefusal } from "../../src/dialect/connection.js";
import { mssql } from "../../src/dialect/mssql/mssql.js";
import { connect, refused, serve } from "../support/tds/connect.js";
import type { Answer } from "../support/tds/server.js";

const INSERTED = "The INSERT statement conflicted with the";
const WHERE = 'The conflict occurred in database "shop", table "dbo.artists"';
const KEY = "The duplicate key value is (1, a).";

// Messages as sys.messages has them (us_english, which tedious asks for).
const errors: readonly (readonly [number, string, DatabaseRefusal | undefined])[] = [
  [
    2627,
    `Violation of PRIMARY KEY constraint 'PK_t'. Cannot insert duplicate key in object 'dbo.t'. ${KEY}`,
    { code: "unique_violation", constraint: "PK_t" },
  ],
  [
    2627,
    `Violation of UNIQUE KEY constraint 'it's'. Cannot insert duplicate key in object 'dbo.t'. ${KEY}`,
    { code: "unique_violation", constraint: "it's" },
  ],
  [
    2601,
    `Cannot insert duplicate key row in object 'dbo.t' with unique index 'UX_t'. ${KEY}`,
    { code: "unique_violation", constraint: "UX_t" },
  ],
  [
    547,
    `${INSERTED} FOREIGN KEY constraint "FK_a". ${WHERE}, column 'id'.`,
    { code: "foreign_key_violation", constraint: "FK_a" },
  ],
  [
    547,
    `${INSERTED} FOREIGN KEY SAME TABLE constraint "FK_s". ${WHERE}, column 'id'.`,
    { code: "foreign_key_violation", constraint: "FK_s" },
  ],
  [
    547,
    `The DELETE statement conflicted with the REFERENCE constraint "FK_r". ${WHERE}, column 'a_id'.`,
    { code: "foreign_key_violation", constraint: "FK_r" },
  ],
  [
    547,
    `The UPDATE statement conflicted with the CHECK constraint "CK_p". ${WHERE}, column 'price'.`,
    { code: "check_violation", constraint: "CK_p" },
  ],
  [550, "The attempted insert or update failed because the target view …", { code: "check_violation" }],
  [
    515,
    "Cannot insert the value NULL into column 'it's', table 'shop.dbo.t'; column does not allow nulls. INSERT fails.",
    { code: "not_null_violation", columns: ["it's"] },
  ],
  [
    2628,
    "String or binary data would be truncated in table 'shop.dbo.t', column 'name'. Truncated value: 'abc'.",
    { code: "invalid_value", columns: ["name"] },
  ],
  ...[220, 241, 242, 245, 248, 257, 295, 6522, 8114, 8115, 8152, 8169, 9400, 13609].map(
    (number) => [number, "…", { code: "invalid_value" }] as const,
  ),
  ...[1205, 1222, 3960].map((number) => [number, "…", { code: "conflict" }] as const),
  ...[207, 208, 213].map((number) => [number, "…", { code: "schema_changed" }] as const),
  ...[229, 230, 271, 544, 1088, 3906, 8102].map((number) => [number, "…", { code: "refused" }] as const),
  ...[306, 451, 468, 8117, 8120].map((number) => [number, "…", { code: "not_supported" }] as const),
  ...[106, 191, 8003, 8623].map((number) => [number, "…", { code: "too_complex" }] as const),
  ...[50_000, 50_200, 51_404].map((number) => [number, "No.", { code: "raised", message: "No." }] as const),
  [50_404, "Nobody.", { code: "raised", message: "Nobody.", status: 404 }],
  [468, "Cannot resolve the collation conflict …", { code: "not_supported" }],
  [2812, "Could not find stored procedure 'dbo.audit'.", { code: "database_error" }],
  ...[4060, 9002, 10929, 40501, 40613].map((number) => [number, "…", { code: "database_away" }] as const),
  ...[10928, 10936, 17809].map((number) => [number, "…", { code: "database_away", full: true }] as const),
  [8645, "A timeout occurred while waiting for memory resources …", { code: "timeout" }],
  [102, "Incorrect syntax near 'FORM'.", undefined],
];

describe("errors over the socket", () => {
  test("mean what the contract says", async () => {
    const server = await serve((text) => {
      const [number, message] = errors[Number(text)] ?? [0, ""];
      return { errors: [{ number, message }] };
    });
    const database = connect(server.url());
    for (const [i, [number, message, expected]] of errors.entries())
      expect(await refused(database.run(String(i), [])), `${number} ${message}`).toEqual(expected);
  });

  test("too many sessions while logging in are no wrong password", async () => {
    const server = await serve(() => undefined);
    for (const [number, message] of [
      [
        17809,
        "Could not connect because the maximum number of '5' user connections has already been reached. The system administrator can use sp_configure to increase the maximum value. The connection has been closed.",
      ],
      [
        10936,
        "Resource ID : 2. The session limit for the elastic pool is 300 and has been reached. See 'https://…' for assistance.",
      ],
    ] as const) {
      server.refuse({ number, message });
      const error = await connect(server.url())
        .run("x", [])
        .catch((error: unknown) => error);
      expect(mssql.refusal(error)).toEqual({ code: "database_away", full: true });
      expect(explain(error, { db: server.url() })).toMatch(/takes no more connections/);
    }
    server.refuse({ number: 18456, message: "Login failed for user 'sapwood'." });
    expect(await refused(connect(server.url()).run("x", []))).toEqual({ code: "database_away", lasting: true });
  });

  test("of two at once the first that means something counts", async () => {
    const trigger = { number: 50_000, message: "Not on Sundays." };
    const ended = { number: 3609, message: "The transaction ended in the trigger. The batch has been aborted." };
    const unique = { number: 2627, message: `Violation of UNIQUE KEY constraint 'u'. ${KEY}` };
    let answer: Answer = { errors: [trigger, ended], rollsBack: true };
    const server = await serve(() => answer);
    const database = connect(server.url());
    expect(await refused(database.run("x", []))).toEqual({ code: "raised", message: "Not on Sundays." });
    answer = { errors: [unique, { number: 3930, message: "The current transaction cannot be committed …" }] };
    expect(await refused(database.run("x", []))).toEqual({ code: "unique_violation", constraint: "u" });
  });
});
