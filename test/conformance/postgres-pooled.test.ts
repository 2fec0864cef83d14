// The same answers behind pgbouncer in transaction mode, through one host: by the system's, which in Debian 12 knows of no prepared
// statements, and by a current one, which keeps them.
import { expect, test } from "vitest";
import { currentPgbouncer, poolers, startPgbouncer, stopPgbouncer } from "../support/pgbouncer.js";
import { hosts } from "./hosts.js";
import { conformance } from "./suite.js";

for (const { name, program, skip } of poolers) {
  conformance("postgres", hosts.slice(0, 1), `, behind ${name}`, {
    skip,
    open: async () => (await startPgbouncer({ pool_mode: "transaction", default_pool_size: "5" }, program)).through,
    close: stopPgbouncer,
  });
}

test("the current one is another than the system's, and keeps prepared statements", ({ skip }) => {
  skip(currentPgbouncer === undefined, "it is not here");
  const [, major, minor] = /PgBouncer (\d+)\.(\d+)/.exec(currentPgbouncer?.version() ?? "")?.map(Number) ?? [];
  // Since 1.21 (its changelog), and without a setting since 1.24.
  expect((major ?? 0) * 100 + (minor ?? 0)).toBeGreaterThanOrEqual(124);
});
