// The same answers where pg is not what the wire code was written for: each statement goes as pg documents it.
import { expect, test, vi } from "vitest";
import { hosts } from "./hosts.js";
import { databaseOf } from "./subject.js";
import { conformance } from "./suite.js";

const fits = vi.hoisted(() => vi.fn(() => false));
vi.mock("../../src/dialect/postgres/wire/fits.js", () => ({ fits }));

conformance("postgres", hosts.slice(0, 1), ", by pg's documented way");

test("the wire code was asked for, and not taken", ({ skip }) => {
  skip(databaseOf("postgres").skip !== undefined, "there is no such server");
  expect(fits).toHaveBeenCalled();
});
