import { describe, expect, test } from "vitest";
import { TimedOut } from "../../src/base/timeout.js";
import { explain } from "../../src/cli/failure.js";

const place = { db: "postgres://app:hunter2@db.example:5432/shop", host: "127.0.0.1", port: 3000 };
const fault = (code: string, more: object = {}) => Object.assign(new Error(`${code} in words`), { code, ...more });

describe("an error's code becomes a sentence", () => {
  test.each([
    ["28P01", "user and password"],
    ["3D000", "no such database"],
    ["57P03", "starting"],
    ["ER_ACCESS_DENIED_ERROR", "user and password"],
    ["ER_BAD_DB_ERROR", "no such database"],
    ["PROTOCOL_CONNECTION_LOST", "closed the connection"],
    ["ELOGIN", "user and password"],
    ["ESOCKET", "connection refused"],
    ["ECONNREFUSED", "nothing listens at db.example:5432"],
    ["ENOTFOUND", "no host db.example"],
    ["ETIMEDOUT", "does not answer"],
    ["SQLITE_CANTOPEN_ISDIR", "cannot open the database file"],
    ["SQLITE_NOTADB", "not an SQLite database"],
    ["SQLITE_READONLY_DIRECTORY", "cannot be written"],
  ])("%s", (code, words) => {
    const line = explain(fault(code), place);
    expect(line).toContain(words);
    expect(line).not.toMatch(/\n|hunter2|in words/);
  });

  test.each([
    ["EADDRINUSE", "port 3000 on 127.0.0.1 is taken"],
    ["EACCES", "may not open port 3000"],
    ["EADDRNOTAVAIL", "no address 127.0.0.1"],
  ])("%s of the server's own socket", (code, words) => {
    expect(explain(fault(code, { syscall: "listen" }), place)).toContain(words);
  });

  test("ENOTFOUND of --host is not the database's", () => {
    const error = fault("ENOTFOUND", { syscall: "getaddrinfo", hostname: "127.0.0.1" });
    expect(explain(error, place)).toContain("to listen on");
  });
});

test("of several hosts each is named", () => {
  const db = "postgres://app:hunter2@one.example:5432,two.example/shop?target_session_attrs=any";
  const line = explain(fault("ECONNREFUSED"), { ...place, db });
  expect(line).toContain("nothing listens at one.example:5432, two.example");
  expect(line).not.toContain("hunter2");
});

test("both addresses of localhost refuse", () => {
  const error = new AggregateError([fault("ECONNREFUSED"), fault("ECONNREFUSED")]);
  expect(explain(error, place)).toContain("connection refused");
});

test("an error behind another is found", () => {
  expect(explain(new Error("could not start", { cause: fault("28P01") }), place)).toContain("user and password");
});

test("a database that keeps silent", () => {
  expect(explain(new TimedOut(10_000), place)).toContain("db.example:5432 does not answer");
});

test("a driver that is not installed", () => {
  const error = new Error("Knex: run\n$ npm install pg --save\nCannot find module 'pg'\nRequire stack:\n- /srv/x.js");
  expect(explain(error, place)).toBe("the package pg is not installed. Install it: npm install pg");
});

test("an error nobody foresaw keeps its words, on one line and without the password", () => {
  expect(explain(new Error("bad url\npostgres://app:hunter2@db.example"))).toBe(
    "bad url postgres://app:***@db.example",
  );
});
