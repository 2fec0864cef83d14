// The same answers where mysql2 is not what the wire code was written for: each statement goes as mysql2 documents it.
import { expect, test, vi } from "vitest";
import { hosts } from "./hosts.js";
import { databaseOf } from "./subject.js";
import { conformance } from "./suite.js";

const fits = vi.hoisted(() => vi.fn(() => false));
vi.mock("../../src/dialect/mysql/wire/fits.js", () => ({ fits }));

conformance("mariadb", hosts.slice(0, 1), ", by mysql2's documented way");

test("the wire code was asked for, and not taken", ({ skip }) => {
  skip(databaseOf("mariadb").skip !== undefined, "there is no such server");
  expect(fits).toHaveBeenCalled();
});
