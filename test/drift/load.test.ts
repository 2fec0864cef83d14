// Tables are altered while requests of all kinds go on, through the server on real sockets: nobody is answered 5xx, a 4xx is
// true, and afterwards the API has the new shape.
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { type RunningServer, serve } from "../../src/server/serve.js";
import type { DatabaseName } from "../support/databases.js";
import { type Answer, request } from "../support/http.js";
import { onEveryServer } from "../support/matrix.js";

const tables = `
CREATE TABLE artists (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL);
CREATE TABLE albums (
  id INTEGER NOT NULL PRIMARY KEY, artist_id INTEGER NOT NULL, title VARCHAR(40), year INTEGER, note VARCHAR(20),
  FOREIGN KEY (artist_id) REFERENCES artists (id)
);
CREATE TABLE labels (id INTEGER NOT NULL PRIMARY KEY, city VARCHAR(40));
INSERT INTO artists VALUES (1, 'Nina'), (2, 'Joni');
INSERT INTO albums VALUES (1, 1, 'Pastel', 1965, NULL), (2, 2, 'Blue', 1971, NULL), (3, 2, 'Hejira', 1976, NULL);
INSERT INTO labels VALUES (1, 'Oslo');
`;
const ddl: Record<DatabaseName, string> = { sqlite: tables, postgres: tables, mariadb: tables };

const retyped: Record<DatabaseName, readonly string[]> = {
  sqlite: ["ALTER TABLE albums DROP COLUMN year", "ALTER TABLE albums ADD COLUMN year VARCHAR(10) DEFAULT '1965'"],
  postgres: ["ALTER TABLE albums ALTER year TYPE varchar(10)"],
  mariadb: ["ALTER TABLE albums MODIFY year VARCHAR(10)"],
};
const keyed: Record<DatabaseName, string> = {
  sqlite: "ALTER TABLE albums ADD COLUMN label_id INTEGER REFERENCES labels (id)",
  postgres: "ALTER TABLE albums ADD COLUMN label_id INTEGER REFERENCES labels (id)",
  mariadb: "ALTER TABLE albums ADD COLUMN label_id INTEGER, ADD FOREIGN KEY (label_id) REFERENCES labels (id)",
};

/** Each change, and what shows that it is known; those who ask for the old name are told the truth afterwards. */
const steps = (name: DatabaseName): [change: readonly string[], there: string, gone?: string][] => [
  [["ALTER TABLE albums ADD COLUMN seconds INTEGER"], "/albums?seconds=is:null"],
  [["ALTER TABLE albums RENAME COLUMN title TO name"], "/albums?select=id,name", "/albums?select=id,title"],
  [retyped[name], "/albums?year=like:19%25"],
  [
    [
      "CREATE TABLE reviews (id INTEGER NOT NULL PRIMARY KEY, album_id INTEGER, FOREIGN KEY (album_id) REFERENCES albums (id))",
    ],
    "/albums/1/reviews",
  ],
  [[keyed[name]], "/labels/1/albums"],
  [["ALTER TABLE albums DROP COLUMN note"], "/albums?seconds=is:null", "/albums?note=is:null"],
  [["ALTER TABLE reviews RENAME TO opinions"], "/albums/1/opinions", "/albums/1/reviews"],
  [["DROP TABLE opinions"], "/albums/1", "/opinions"],
];

/** What may be asked whatever the schema is at the moment. */
const lasting: ((n: number) => [method: string, path: string, body?: unknown])[] = [
  () => ["GET", "/albums?limit=5"],
  () => ["GET", "/albums/1?select=id,artist(name)"],
  () => ["GET", "/artists/2/albums"],
  () => ["GET", "/artists?albums.id=gt:0&count=exact"],
  () => ["PATCH", "/albums/2", { artist_id: 2 }],
  (n) => ["POST", "/albums", { id: 1000 + n, artist_id: 1 }],
  (n) => ["POST", "/albums", [{ id: 500_000 + n, artist_id: 1 }]],
  (n) => ["POST", "/batch", [{ method: "POST", path: "/albums", body: { id: 900_000 + n, artist_id: 2 } }]],
  () => ["DELETE", "/albums?id=gt:999"],
  () => ["GET", "/nothing"],
];

onEveryServer(ddl, (place) => {
  test("tables are altered under load", async () => {
    const { knex } = place.db();
    const server = await serve(place.db().url, { port: 0 });
    const ask = (path: string, method = "GET", body?: unknown) =>
      request(server.url, method, `/api${path}`, body === undefined ? {} : { body });
    const load = new Load(server);
    for (const [i, [change, there, gone]] of steps(place.name).entries()) {
      load.step = i;
      await load.answers(30);
      for (const sql of change) await untilDone(() => knex.raw(sql));
      // Names that were asked for in vain a moment ago are looked for at most every few seconds.
      expect((await until(() => ask(there), 200)).status, there).toBe(200);
      if (gone !== undefined) expect([400, 404]).toContain((await ask(gone)).status);
    }
    await load.answers(30);
    const answers = await load.end();
    const failed = answers.filter(({ status }) => status >= 500);
    expect(failed.map(({ line, text, step, ms }) => `${line} in step ${step}, after ${ms} ms: ${text}`)).toEqual([]);
    const refused = answers.filter(({ line, status }) => status >= 400 && line !== "GET /nothing");
    expect(refused.map(({ line, text }) => `${line}: ${text}`)).toEqual([]);
    expect(new Set(answers.map(({ line }) => line))).toHaveProperty("size", lasting.length);

    const [album] = (await ask("/albums?limit=1")).json;
    expect(Object.keys(album).sort()).toEqual(["artist_id", "id", "label_id", "name", "seconds", "year"]);
    expect(typeof album.year).toBe("string");
    const index = await request(server.url, "GET", "/");
    expect(index.json.resources).toEqual(["/api/albums", "/api/artists", "/api/labels"]);
    await server.close();
    // Ten seconds on a quiet machine, most of them between one look at the schema and the next.
  }, 120_000);
});

/** Four clients at once, each with its next request when the last was answered. */
class Load {
  readonly #answered: { line: string; status: number; text: string; step: number; ms: number }[] = [];
  /** Which change is under way. */
  step = 0;
  readonly #clients: Promise<void>[];
  #ended = false;
  #sent = 0;

  constructor(readonly server: RunningServer) {
    this.#clients = Array.from({ length: 4 }, () => this.#ask());
  }

  async #ask(): Promise<void> {
    while (!this.#ended) {
      const n = this.#sent++;
      const [method, path, body] = (lasting[n % lasting.length] as (typeof lasting)[number])(n);
      const start = performance.now();
      const answer = await request(this.server.url, method, `/api${path}`, body === undefined ? {} : { body });
      const ms = Math.round(performance.now() - start);
      const line = `${method} ${path}${Array.isArray(body) ? " []" : ""}`;
      this.#answered.push({ line, status: answer.status, text: answer.text, step: this.step, ms });
    }
  }

  /** Waits until so many more are answered. */
  async answers(count: number): Promise<void> {
    const enough = this.#answered.length + count;
    while (this.#answered.length < enough) await setTimeout(5);
  }

  async end() {
    this.#ended = true;
    await Promise.all(this.#clients);
    return this.#answered;
  }
}

async function until(ask: () => Promise<Answer>, status: number): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer.status === status || answer.status >= 500) return answer;
    await setTimeout(50);
  }
}

/** The one who alters tables may meet a deadlock, or a file that is being written. */
async function untilDone(work: () => PromiseLike<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      if (tries === 20 || !/deadlock|locked|lock wait/i.test(String(error))) throw error;
    }
  }
}
