// The same triggers and requests with hooks, soft delete, keys and an outbox: a refusal tells nobody and leaves its key free, and
// what is sent twice is done once. SAPWOOD_OPTIONS_SEED and SAPWOOD_OPTIONS_SCHEMAS look for more.
import { describe, expect, test } from "vitest";
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import type { ApiResponse } from "../../src/http/message.js";
import { HttpError } from "../../src/http/problem.js";
import { type Created, everyDatabase } from "../support/databases.js";
import { heldBy } from "./held.js";
import { faultOf, requestOf } from "./judge.js";
import { type Chance, chanceOf } from "./random.js";
import { type Ask, anyAsk, told } from "./requests.js";
import { ddl } from "./schema.js";
import { tables } from "./tables.js";

const { SAPWOOD_OPTIONS_SEED = "1", SAPWOOD_OPTIONS_SCHEMAS = "4" } = process.env;
const seed = Number(SAPWOOD_OPTIONS_SEED);
const REQUESTS = 40;

const none = () => {};
const logger = { debug: none, info: none, warn: none, error: none };

/** What the hooks and the receiver of messages have seen since the last request. */
interface Seen {
  commits: number;
  hooks: number;
}

function optionsOf(chance: Chance, seen: Seen): ApiOptions {
  const refuse = (times: number) => () => {
    seen.hooks++;
    if (chance.oneIn(times)) throw new HttpError(409, "Not now.", { code: "closed" });
  };
  const rewrites = chance.oneIn(2);
  const preSave: NonNullable<ApiOptions["hooks"]>["preSave"] = ({ body }) => {
    if (rewrites && body.v === "x") body.v = "y";
    refuse(10)();
  };
  return {
    exclude: ["archives"],
    logger,
    idempotency: true,
    ...(chance.oneIn(2) ? { softDelete: "gone_at" } : {}),
    // The first message is never confirmed, so that all of them stay to be counted.
    outbox: [{ name: "all", table: [...tables], deliver: () => new Promise(none) }],
    hooks: {
      ...{ preSave, postSave: refuse(10), preDelete: refuse(10), postDelete: refuse(10) },
      afterCommit: () => void seen.commits++,
    },
  };
}

const messagesOf = async ({ knex }: Created): Promise<number> =>
  Number((await knex("sapwood_outbox").count({ n: "*" }))[0]?.n);

function anyKeyed(chance: Chance, n: number, { softDelete }: ApiOptions): Ask {
  const restores = softDelete !== undefined && chance.oneIn(8);
  const path = `/${chance.pick(["items", "parts", "labels"])}/${1 + chance.below(4)}/restore`;
  const ask: Ask = restores ? { method: "POST", path, query: "", headers: {} } : anyAsk(chance);
  const takesKey = ask.method === "POST" || ask.method === "PATCH";
  return takesKey && chance.oneIn(2) ? { ...ask, headers: { ...ask.headers, "idempotency-key": `"k${n}"` } } : ask;
}

/** Sent again with its key, what was done is answered as before. What was refused or undone may be refused again, or be done. */
function againFault(first: ApiResponse, again: ApiResponse | undefined): string | undefined {
  const said = ({ status, body, headers }: ApiResponse) =>
    JSON.stringify([status, body, headers.location, headers.etag]);
  if (again === undefined || again.headers["idempotent-replayed"] !== "true") return "done twice with one key";
  return said(first) === said(again) ? undefined : `the same key is answered ${again.status} ${again.body}`;
}

for (const database of everyDatabase) {
  describe.skipIf(database.skip)(`${database.name}, seed ${seed}`, () => {
    for (let i = 0; i < Number(SAPWOOD_OPTIONS_SCHEMAS); i++) {
      test(`schema ${i}: ${REQUESTS} random requests`, { timeout: 120_000 }, async () => {
        const chance = chanceOf(seed * 2_000_003 + i);
        const sql = ddl(database.name, chance, ", gone_at TIMESTAMP NULL");
        const seen: Seen = { commits: 0, hooks: 0 };
        const options = optionsOf(chance, seen);
        const created = await database.create(sql);
        const api = await createApi(created.url, options);
        try {
          for (let n = 0; n < REQUESTS; n++) {
            const ask = anyKeyed(chance, n, options);
            const { fault, answer } = await asked(ask, api, created, seen);
            const why = `${sql}\n\n${JSON.stringify(options)}\n${told(ask)}\n${answer?.status} ${answer?.body}`;
            expect(fault, why).toBeUndefined();
          }
        } finally {
          await api.close();
          await created.drop();
        }
      });
    }
  });
}

async function asked(ask: Ask, api: Api, created: Created, seen: Seen) {
  const [before, waiting] = [await heldBy(created), await messagesOf(created)];
  seen.commits = 0;
  const answer = await api.handle(requestOf(ask));
  if (answer === undefined) throw new Error(`no route: ${told(ask)}`);
  const after = await heldBy(created);
  const [commits, messages] = [seen.commits, (await messagesOf(created)) - waiting];
  const isUndone = answer.status >= 400 || (ask.headers.prefer?.includes("tx=rollback") ?? false);
  const toldFault =
    isUndone && commits + messages > 0 ? `undone, and ${commits} commits, ${messages} messages` : undefined;
  // A hook may have written over what was asked.
  const fault = toldFault ?? (await faultOf(ask, answer, before, after, api, true));
  if (fault !== undefined || isUndone || ask.headers["idempotency-key"] === undefined) return { fault, answer };
  seen.hooks = 0;
  const again = againFault(answer, await api.handle(requestOf(ask)));
  const isSame =
    JSON.stringify([after, waiting + messages, 0]) ===
    JSON.stringify([await heldBy(created), await messagesOf(created), seen.hooks]);
  return { fault: again ?? (isSame ? undefined : "sent again, it was done again"), answer };
}
