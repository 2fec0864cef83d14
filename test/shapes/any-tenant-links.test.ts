// Link tables of tenants: what is shared is written once, and two ends that differ in it are not linked. The same in every run;
// SAPWOOD_LINKS_SEED and SAPWOOD_LINKS_SCHEMAS look for more.
import { describe, expect, test } from "vitest";
import { type Chance, chanceOf } from "../effects/random.js";
import { type App, anyFramework } from "../support/apps.js";
import { type Created, ddlNameOf, everyDatabase } from "../support/databases.js";
import { type End, type TenantLinks, tenantLinks } from "./any-tenant-links.js";

const { SAPWOOD_LINKS_SEED = "1", SAPWOOD_LINKS_SCHEMAS = "2" } = process.env;
const seed = Number(SAPWOOD_LINKS_SEED);
const REQUESTS = 30;

for (const database of everyDatabase)
  describe.skipIf(database.skip)(`${database.name}, seed ${seed}`, () => {
    for (let i = 0; i < Number(SAPWOOD_LINKS_SCHEMAS); i++)
      test(`schema ${i}`, { timeout: 120_000 }, async () => {
        const chance = chanceOf(seed * 1_000_003 + i);
        const links = tenantLinks(ddlNameOf(database.name), chance);
        const created = await database.create(links.ddl);
        try {
          const app = await anyFramework.start(created.url);
          try {
            const judge = new LinkJudge(app, created, links, chance);
            for (let n = 0; n < REQUESTS; n++) await judge.ask();
          } catch (error) {
            throw new Error(`${links.ddl}\n${(error as Error).message}\n${app.errors.at(-1) ?? ""}`, { cause: error });
          } finally {
            await app.close();
          }
        } finally {
          await created.drop();
        }
      });
  });

type Side = "users" | "tags";

class LinkJudge {
  readonly #stand = new Set<string>();

  constructor(
    private readonly app: App,
    private readonly created: Created,
    private readonly links: TenantLinks,
    private readonly chance: Chance,
  ) {}

  async ask(): Promise<void> {
    const near = this.chance.pick<Side>(["users", "tags"]);
    const far = near === "users" ? "tags" : "users";
    const [one, other] = [this.#end(near), this.#end(far)];
    const path = `/${near}/${this.#segment(near, one)}/${far}`;
    const [line, status, change] = this.chance.oneIn(4)
      ? this.#set(near, one, far, path)
      : this.#single(near, one, far, other, path);
    const answer = await this.app.ask(line[0], line[1] === undefined ? {} : { body: line[1] });
    const said = `${line[0]} ${JSON.stringify(line[1])} ${answer.text}`;
    expect(answer.status, said).toBe(status);
    change();
    expect(await this.#held(), said).toEqual([...this.#stand].sort());
    const listed = await this.app.ask(`GET ${path}?limit=1000`);
    const expected = this.links.ends[far].filter((end) => this.#stand.has(this.#link(near, one, end)));
    expect(listed.status === 404 ? [] : listed.json.map((row: End) => this.#segment(far, row)).sort(), said).toEqual(
      this.#stands(near, one) ? expected.map((end) => this.#segment(far, end)).sort() : [],
    );
  }

  #single(near: Side, one: End, far: Side, other: End, path: string): Asked {
    const link = this.#link(near, one, other);
    const at = `${path}/${this.#segment(far, other)}`;
    const stands = this.#stand.has(link);
    const both = this.#stands(near, one) && this.#stands(far, other);
    switch (this.chance.below(3)) {
      case 0: {
        const status = !both ? 404 : !this.#agree(one, other) ? 409 : stands ? 200 : 201;
        return [[`POST ${at}/add`, {}], status, () => status < 300 && this.#stand.add(link)];
      }
      case 1:
        return [[`POST ${at}/delete`], stands ? 204 : 404, () => this.#stand.delete(link)];
      default:
        return [[`GET ${at}`], stands ? 200 : 404, () => undefined];
    }
  }

  #set(near: Side, one: End, far: Side, path: string): Asked {
    const others = this.chance.some(this.links.ends[far], 3).filter((end, i, all) => all.indexOf(end) === i);
    const ids = others.map((end) => this.#segment(far, end));
    const status = !this.#stands(near, one) ? 404 : others.every((end) => this.#agree(one, end)) ? 200 : 409;
    const change = () => {
      if (status !== 200) return;
      for (const end of this.links.ends[far]) this.#stand.delete(this.#link(near, one, end));
      for (const end of others) this.#stand.add(this.#link(near, one, end));
    };
    return [[`PUT ${path}`, ids], status, change];
  }

  /** One that is there, or one that is not. */
  #end(side: Side): End {
    const end = this.chance.pick(this.links.ends[side]);
    return this.chance.oneIn(8) ? { ...end, id: 9 } : end;
  }

  #stands(side: Side, one: End): boolean {
    return this.links.ends[side].some((end) => this.#segment(side, end) === this.#segment(side, one));
  }

  #agree(one: End, other: End): boolean {
    return this.links.shared.every((column) => one[column] === other[column]);
  }

  #segment(side: Side, end: End): string {
    return this.links.keys[side].map((column) => end[column]).join(",");
  }

  #link(near: Side, one: End, other: End): string {
    const [user, tag] = near === "users" ? [one, other] : [other, one];
    return JSON.stringify([
      ...this.links.shared.map((column) => user[column]),
      user.id,
      tag.id,
      this.#agree(one, other),
    ]);
  }

  async #held(): Promise<string[]> {
    const rows = (await this.created.knex(this.links.link).select()) as End[];
    return rows
      .map((row) => JSON.stringify([...this.links.shared.map((column) => row[column]), row.user_id, row.tag_id, true]))
      .sort();
  }
}

/** A request, what it is answered with, and what has changed then. */
type Asked = readonly [readonly [string, unknown?], number, () => unknown];
