// `npm run bench` must not rot: all its candidates answer its questions alike. What is fast stands in the README.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Created, everyDatabase } from "../support/databases.js";
import { requireAgreement, type Started } from "./agree.js";
import type { Running } from "./candidate.js";
import { candidates } from "./candidates.js";
import { chinook, fill } from "./data.js";
import { type Question, questionsFor } from "./questions.js";

for (const database of everyDatabase) {
  describe.skipIf(database.skip)(database.name, () => {
    let place: Created;
    let servers: Running[] = [];
    let started: Started[] = [];
    beforeAll(async () => {
      place = await database.create();
      await fill(place.knex, database.name, chinook);
      servers = await Promise.all(candidates.map(({ start }) => start(database.name, place.url)));
      started = candidates.map(({ name, family }, i) => ({ name, family, base: servers[i]?.base as string }));
    }, 60_000);
    afterAll(async () => {
      await Promise.all(servers.map(({ close }) => close()));
      await place.drop();
    });
    const run = async (statements: readonly string[]) => {
      for (const statement of statements) await place.knex.raw(statement);
    };

    test.each(questionsFor(chinook, database.name))("$name", (question) => requireAgreement([question], started, run));

    test("a candidate that answers otherwise is found out", async () => {
      const [one] = questionsFor(chinook) as [Question];
      const other = { ...one.path, sapwood: () => "/tracks/2" };
      await expect(requireAgreement([{ ...one, path: other }], started, run)).rejects.toThrow(/one row: .* differ/);
    });
  });
}
