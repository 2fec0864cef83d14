// Each limit is an option that takes effect: what is as much as it allows works, and one more is refused in its words.
import { beforeAll, describe, expect, test } from "vitest";
import { Collision } from "../../src/database/refusals.js";
import { type Limits, limitNames, limitOptions } from "../../src/http/limits.js";
import { isProblem } from "../conformance/case.js";
import { ddl as articles } from "../fixtures/articles.js";
import { ddl as community } from "../fixtures/community.js";
import type { App } from "../support/apps.js";
import type { Answer, RequestParts } from "../support/http.js";
import { type Ddl, onEveryHost } from "../support/matrix.js";

const small: Limits = {
  defaultLimit: 2,
  maxLimit: 4,
  maxFilters: 3,
  maxJoins: 3,
  maxValues: 3,
  maxWords: 2,
  maxEmbedDepth: 2,
  maxEmbeds: 3,
  maxAnswerRows: 15,
  maxAnswerBytes: 700,
  maxKeptAnswer: 450,
  maxRows: 5,
  maxAffected: 4,
  bodyLimit: 600,
  maxBatch: 2,
  retries: 1,
};

interface Ask extends RequestParts {
  readonly line: string;
}

/** As much as the small limit allows, and one more. */
interface Pair {
  readonly most: Ask;
  readonly over: Ask;
}

type Probe = { readonly pairs: readonly Pair[] } | { readonly look: (app: App, limit: number) => Promise<void> };

const get = (most: string, over: string): Pair => ({ most: { line: `GET ${most}` }, over: { line: `GET ${over}` } });

/** Tried only, so that nothing is there the second time. */
const write = (line: string, most: unknown, over: unknown, overLine = line): Pair => {
  const headers = { prefer: "tx=rollback" };
  return { most: { line, body: most, headers }, over: { line: overLine, body: over, headers } };
};

/** Answers that are kept: each request has a key of its own. */
const kept = (most: unknown, over: unknown): Pair => {
  const ask = (body: unknown, key: string) => ({ line: "POST /batch", body, headers: { "idempotency-key": key } });
  return { most: ask(most, "most"), over: ask(over, "over") };
};

const countries = (size: number) => Array.from({ length: size }, (_, i) => ({ name: `Country ${i}`, code: `${i}!` }));
const country = { name: "Country", code: "!!" };
const meetup = { title: "Meetup", start_at: "2026-01-01T12:00:00" };
const venues = (size: number) => Array.from({ length: size }, (_, i) => ({ name: `Venue ${i}` }));
const entries = (size: number) => Array.from({ length: size }, () => ({ method: "GET", path: "/members/1" }));
/** JSON of so many bytes. */
const bytes = (size: number) => JSON.stringify(country).padEnd(size);

const rowsOf = async (app: App, line: string): Promise<number> => {
  const answer = await app.ask(line);
  expect(answer.status, answer.text).toBe(200);
  return answer.json.length;
};

const refusals: Partial<Record<keyof Limits, readonly [number, string]>> = {
  bodyLimit: [413, "body_too_large"],
  maxAffected: [400, "too_many_rows"],
};

let collisions = 0;

/** A limit without a probe does not compile, and is missed below. */
const probes: Readonly<Record<keyof Limits, Probe>> = {
  defaultLimit: {
    look: async (app, limit) => {
      expect(await rowsOf(app, "GET /members")).toBe(Math.min(limit, 12));
      const { json } = await app.ask("GET /countries/1?select=members(id)");
      expect(json.members).toHaveLength(Math.min(limit, 5));
    },
  },
  maxLimit: {
    look: async (app, limit) => {
      expect(await rowsOf(app, `GET /members?limit=${limit + 1}`)).toBe(Math.min(limit, 12));
      const { json } = await app.ask(`GET /countries/1?select=members(id)&members.limit=${limit + 1}`);
      expect(json.members).toHaveLength(Math.min(limit, 5));
    },
  },
  maxFilters: {
    pairs: [
      get("/members?id=gt:0&id=gt:1&id=gt:2", "/members?id=gt:0&id=gt:1&id=gt:2&id=gt:3"),
      get("/members?or=(id=1,not.and=(id=2,id=3))", "/members?or=(id=1,not.and=(id=2,id=3))&id=4"),
      get(
        "/countries?select=id,members(id)&members.id=1&members.age=2&id=1",
        "/countries?select=id,members(id)&members.id=1&members.age=2&id=1&name=x",
      ),
      get(
        "/members?select=age,count()&id=gt:0&age=gt:0&having=count=gt:0",
        "/members?select=age,count()&id=gt:0&age=gt:0&having=count=gt:0&having=count=gt:1",
      ),
      get("/members?order-by=age,name,joined", "/members?order-by=age,name,joined,email"),
    ],
  },
  maxJoins: {
    pairs: [
      get("/members?groups.id=gt:0&country.id=gt:0", "/members?groups.id=gt:0&country.venues.id=gt:0"),
      get("/members?country.id=gt:0&country.name=ne:x&country.code=ne:x", "/members?groups.id=1&groups.id=2"),
      get("/members?or=(groups.id=1,groups.id=2)", "/members?and=(groups.id=1,groups.id=2)"),
      get(
        "/members?groups.id=1&order-by=country.name:asc",
        "/members?groups.id=1&order-by=country.name:asc,country.code:asc",
      ),
      get(
        "/countries/1?select=members(id)&members.groups.id=1",
        "/countries/1?select=members!inner(id)&members.groups.id=1",
      ),
      write("PATCH /members?groups.id=99", { age: 1 }, { age: 1 }, "PATCH /members?groups.id=99&groups.name=x"),
    ],
  },
  maxValues: {
    pairs: [
      get("/members?id=in:1,2,3", "/members?id=in:1,2,3,4"),
      get('/members?or=(id=nin:"1,2,3")', '/members?or=(id=nin:"1,2,3,4")'),
    ],
  },
  maxWords: { pairs: [get("/articles?body=fts:black+cat", "/articles?body=fts:black+cat+or+mice")] },
  maxEmbedDepth: {
    pairs: [
      get("/members?select=country(venues(id))", "/members?select=country(venues(meetups(id)))"),
      write(
        "POST /venues",
        { name: "Venue", country_id: 1, meetups: [{ ...meetup, group: { name: "Group" } }] },
        { name: "Venue", country_id: 1, meetups: [{ ...meetup, group: { name: "Group", members: [{ id: 1 }] } }] },
      ),
    ],
  },
  maxEmbeds: {
    pairs: [
      get(
        "/members?select=country(id),groups(id),meetups(id)",
        "/members?select=country(id,venues(id)),groups(id),meetups(id)",
      ),
    ],
  },
  maxAnswerRows: {
    pairs: [
      get(
        "/members?limit=4&select=country(id),groups(id)",
        "/members?limit=4&select=country(id,venues(id)),groups(id)",
      ),
    ],
  },
  maxAnswerBytes: {
    pairs: [
      get("/members?limit=2&select=*,a:email,b:email,c:email", "/members?limit=4&select=*,a:email,b:email,c:email"),
    ],
  },
  maxKeptAnswer: { pairs: [kept(entries(1), entries(2))] },
  maxRows: {
    pairs: [
      write("POST /countries", countries(5), countries(6)),
      write("POST /countries", { ...country, venues: venues(4) }, { ...country, venues: venues(5) }),
      write("PUT /groups/1/members", [1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6]),
    ],
  },
  maxAffected: {
    pairs: [
      write("PATCH /members?id=lt:5", { age: 1 }, { age: 1 }, "PATCH /members?id=lt:6"),
      write("DELETE /groups/1/members?id=lt:5", undefined, undefined, "DELETE /groups/1/members?id=lt:6"),
      write("PUT /groups/1/members", [5, 6], [6]),
    ],
  },
  bodyLimit: { pairs: [write("POST /countries", bytes(600), bytes(601))] },
  maxBatch: { pairs: [write("POST /batch", entries(2), entries(3))] },
  retries: {
    look: async (app, limit) => {
      collisions = 0;
      const answer = await app.ask("POST /groups", { body: { name: "collides" } });
      isProblem(answer, 409, "conflict");
      expect(collisions).toBe(limit + 1);
    },
  },
};

test("every limit has a probe", () => expect(Object.keys(probes)).toEqual(limitNames));

const ddl = Object.fromEntries(
  (["sqlite", "postgres", "mariadb"] as const).map((name) => [name, community[name] + articles[name]]),
) as Ddl;

const collide = ({ body }: { body: Record<string, unknown> }) => {
  if (body.name !== "collides") return;
  collisions++;
  throw new Collision(409, "Another write came in between.", { code: "conflict" });
};

onEveryHost(ddl, (place) => {
  let limited: App;
  let usual: App;
  beforeAll(async () => {
    const overrides = [{ name: "groups", preSave: collide }];
    limited = await place.app({ ...small, overrides, idempotency: true });
    usual = await place.app({ overrides, idempotency: true });
  });

  const send = (app: App, { line, ...parts }: Ask): Promise<Answer> => app.ask(line, parts);

  describe.each(Object.entries(probes))("%s", (key, probe) => {
    const name = key as keyof Limits;
    if ("look" in probe) {
      test("as it is set", () => probe.look(limited, small[name]));
      test("as it is by default", () => probe.look(usual, limitOptions[name].default));
      return;
    }
    test.each(probe.pairs)("$most.line, and one more", async ({ most, over }) => {
      const works = await send(limited, most);
      expect(works.status, works.text).toBeLessThan(300);
      const refused = await send(limited, over);
      const [status, code] = refusals[name] ?? [400, "too_complex"];
      isProblem(refused, status, code, over.line);
      expect(refused.json.detail).toMatch(new RegExp(`\\b${small[name]}\\b`));
      const unlimited = await send(usual, over);
      expect(unlimited.status, unlimited.text).toBeLessThan(300);
    });
  });
});
