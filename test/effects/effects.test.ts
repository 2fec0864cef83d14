// Random triggers, policies and requests: a refusal changes nothing, and what is answered is what the database holds.
// The same cases in every run; SAPWOOD_EFFECTS_SEED and SAPWOOD_EFFECTS_SCHEMAS look for more.
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { type Created, everyDatabase } from "../support/databases.js";
import { heldBy } from "./held.js";
import { faultOf, requestOf } from "./judge.js";
import { chanceOf } from "./random.js";
import { anyAsk, told } from "./requests.js";
import { ddl } from "./schema.js";

const { SAPWOOD_EFFECTS_SEED = "1", SAPWOOD_EFFECTS_SCHEMAS = "8" } = process.env;
const seed = Number(SAPWOOD_EFFECTS_SEED);
const REQUESTS = 40;

const none = () => {};
const logger = { debug: none, info: none, warn: none, error: none };

/** A user of PostgreSQL to whom policies apply. */
async function asUser({ knex, url }: Created): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `effects_${randomBytes(4).toString("hex")}`;
  await knex.raw(`CREATE ROLE ${name} LOGIN PASSWORD 'effects'`);
  await knex.raw(`GRANT USAGE ON SCHEMA public TO ${name}`);
  await knex.raw(`GRANT ALL ON ALL TABLES IN SCHEMA public TO ${name}`);
  await knex.raw(`GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ${name}`);
  const address = new URL(url);
  address.username = name;
  address.password = "effects";
  const drop = async () => {
    await knex.raw(`DROP OWNED BY ${name}`);
    await knex.raw(`DROP ROLE ${name}`);
  };
  return { url: address.href, drop };
}

for (const database of everyDatabase) {
  describe.skipIf(database.skip)(`${database.name}, seed ${seed}`, () => {
    for (let i = 0; i < Number(SAPWOOD_EFFECTS_SCHEMAS); i++) {
      test(`schema ${i}: ${REQUESTS} random requests`, { timeout: 120_000 }, async () => {
        const chance = chanceOf(seed * 1_000_003 + i);
        const sql = ddl(database.name, chance);
        const created = await database.create(sql);
        const user = database.can.haveRowPolicies ? await asUser(created) : undefined;
        const api = await createApi(user?.url ?? created.url, { exclude: ["archives"], logger });
        try {
          let before = await heldBy(created);
          for (let n = 0; n < REQUESTS; n++) {
            const ask = anyAsk(chance);
            const answer = await api.handle(requestOf(ask));
            const after = await heldBy(created);
            if (answer === undefined) throw new Error(`no route: ${told(ask)}`);
            const fault = await faultOf(ask, answer, before, after, api, /SET NEW|NEW\.\w :=/.test(sql));
            expect(fault, `${sql}\n\n${told(ask)}\n${answer.status} ${answer.body}`).toBeUndefined();
            before = after;
          }
        } finally {
          await api.close();
          await user?.drop();
          await created.drop();
        }
      });
    }
  });
}
