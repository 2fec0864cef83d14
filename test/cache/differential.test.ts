// The same random reads and writes at two processes that keep answers in one Redis, and at one that keeps none: the same answers.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Running, start } from "../cli/cli.js";
import { type Chance, chanceOf } from "../effects/random.js";
import { type Created, databases } from "../support/databases.js";
import { type RedisServer, startRedis } from "../support/redis.js";
import { club, reads } from "./club.js";

/** The same in every run; SAPWOOD_CACHE_SEED looks for more. */
const seed = Number(process.env.SAPWOOD_CACHE_SEED ?? 1);
const STEPS = 80;
/** Reads behind each write: some of them twice, so that they are kept. */
const READS = 4;

interface Ask {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

const write = ({ below, pick }: Chance, step: number): Ask => {
  const id = 1 + below(6);
  const word = `word ${step}`;
  return pick<() => Ask>([
    () => ({ method: "POST", path: "/notes", body: { id, word } }),
    () => ({ method: "PATCH", path: `/notes/${id}`, body: { word } }),
    () => ({ method: "DELETE", path: `/notes/${id}` }),
    () => ({ method: "PATCH", path: `/clubs/${id}`, body: { name: word } }),
    () => ({ method: "POST", path: "/clubs", body: { id, name: word, country_id: 1, teams: [{ id: 100 + step }] } }),
    () => ({ method: "DELETE", path: `/clubs/${id}` }),
    () => ({ method: "PATCH", path: "/countries?name=like:%25a%25", body: { name: `Ghana ${step}` } }),
    () => ({ method: "PATCH", path: `/members/${id}`, body: { name: word } }),
    () => ({ method: "POST", path: `/clubs/${id}/members/${1 + below(3)}/add` }),
    () => ({ method: "POST", path: `/clubs/${id}/members/${1 + below(3)}/delete` }),
    () => ({ method: "POST", path: "/games?on-conflict=merge", body: { id, team_id: 1 + below(3), score: step } }),
    () => ({ method: "DELETE", path: `/games?score=lt:${below(step + 1)}` }),
    () => ({ method: "POST", path: "/orders", body: { id: step, amount: below(9) } }),
    () => ({ method: "POST", path: "/notes", body: { id, wrod: word } }),
  ])();
};

const read = ({ below, pick }: Chance): Ask => {
  const path = pick([
    ...reads,
    `/notes/${1 + below(6)}`,
    `/notes?id=gt:${below(6)}`,
    `/clubs/${1 + below(6)}/teams?limit=${1 + below(3)}`,
    `/games?score=lt:${below(STEPS)}&order-by=score:asc,id:asc&limit=2&offset=${below(3)}`,
  ]);
  return { method: "GET", path };
};

async function ask({ url }: Pick<Running, "url">, { method, path, body }: Ask) {
  const headers: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  const answer = await fetch(`${url}/api${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const shown = ["content-type", "content-range", "link", "location"].map((name) => answer.headers.get(name));
  return { status: answer.status, shown, text: await answer.text(), timing: answer.headers.get("server-timing") ?? "" };
}

for (const database of databases) {
  describe.skipIf(database.skip)(database.name, () => {
    let redis: RedisServer;
    const created: Created[] = [];
    const running: Running[] = [];
    beforeAll(async () => {
      redis = await startRedis();
      for (let i = 0; i < 2; i++) created.push(await database.create(club[database.name]));
    });
    afterEach(() => {
      for (const one of running.splice(0)) one.signal("SIGKILL");
    });
    afterAll(async () => {
      await redis?.stop();
      for (const one of created) await one.drop();
    });

    async function serving({ url }: Created, ...flags: string[]): Promise<Running> {
      const server = await start(["serve", url, "--port", "0", "--server-timing", ...flags]);
      running.push(server);
      return server;
    }

    test("a process with kept answers and one without answer alike", async () => {
      const [one, other] = created as [Created, Created];
      const flags = ["--cache-ttl", "600", "--cache-store", redis.url];
      const keeping = [await serving(one, ...flags), await serving(one, ...flags)];
      const plain = await serving(other);
      const chance = chanceOf(seed);
      let hits = 0;
      const alike = async (asked: Ask) => {
        const [kept, made] = await Promise.all([ask(chance.pick(keeping), asked), ask(plain, asked)]);
        if (kept.timing.includes('cache;desc="hit"')) hits++;
        const about = `seed ${seed}: ${asked.method} ${asked.path}`;
        expect({ ...kept, timing: "" }, about).toEqual({ ...made, timing: "" });
      };
      for (let step = 1; step <= STEPS; step++) {
        await alike(write(chance, step));
        for (let i = 0; i < READS; i++) {
          const asked = read(chance);
          for (let times = 0; times <= chance.below(2); times++) await alike(asked);
        }
      }
      expect(hits).toBeGreaterThan(STEPS / 4);
    }, 180_000);
  });
}
