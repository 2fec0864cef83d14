// Every operator × every kind of column × every attack, really run: an answer is what comparing the text literally gives, or a 400.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Api } from "../../src/api/api.js";
import { createApi } from "../../src/api/create.js";
import { operators as all, enc } from "../conformance/case.js";
import { forbiddenWord } from "../conformance/leaks.js";
import { insert } from "../fixtures/literal.js";
import { ddl as values } from "../fixtures/values.js";
import { type Created, type DatabaseName, ddlNameOf, everyDatabase } from "../support/databases.js";
import { attacks } from "./strings.js";

/** Compared by code points, so that what comes out can be worked out here. */
const text: Record<DatabaseName, string> = {
  sqlite: "TEXT",
  postgres: 'TEXT COLLATE "C"',
  // Each of the two servers leaves the other's part out as a comment.
  mariadb: "VARCHAR(200) CHARACTER SET utf8mb4 COLLATE /*M! utf8mb4_nopad_bin *//*!80000 utf8mb4_0900_bin */",
};

/** PostgreSQL's JSON cannot be compared. */
const json: Record<DatabaseName, string> = { sqlite: "JSON", postgres: "JSONB", mariadb: "JSON" };

const stored: readonly (string | null)[] = [...attacks, "plain", "", null];

const ddl = (database: DatabaseName): string => `
CREATE TABLE texts (id INTEGER NOT NULL PRIMARY KEY, t ${text[database]}, j ${json[database]});
${insert(
  database,
  "texts",
  stored.map((t, id) => ({ id, t, j: t === null ? null : JSON.stringify({ t }) })),
)}
${
  {
    sqlite:
      "CREATE VIRTUAL TABLE texts_index USING fts5(t, content='texts', content_rowid='id');\nINSERT INTO texts_index (texts_index) VALUES ('rebuild');",
    postgres: "",
    mariadb: "CREATE FULLTEXT INDEX words ON texts (t);",
  }[database]
}
${values[database]}`;

const operators = all.filter((operator) => !["le", "ge"].includes(operator));
const columns = "id big amount ratio flag short body day clock moment instant document bytes token mood".split(" ");
/** Operators that find a row only by what it holds: none of the samples holds more than a few characters of an attack. */
const finding = new Set(all.filter((operator) => !/^(i?match|ne|nin|isdistinct|l[te]e?|g[te]e?|is)$/.test(operator)));

const quoted = (value: string): string => `"${value.replace(/[\\"]/g, "\\$&")}"`;

function written(operator: string, attack: string): string {
  if (operator === "in" || operator === "nin") return quoted(attack);
  return operator === "between" ? `${quoted(attack)},${quoted(attack)}` : attack;
}

const likePattern = (pattern: string, flags: string): RegExp =>
  new RegExp(
    `^${pattern.replace(/\\(.)|([%_])|[^\\%_]/gsu, (found, escaped?: string, wild?: string) =>
      wild === undefined ? (escaped ?? found).replace(/[.*+?^${}()|[\]\\/]/g, "\\$&") : wild === "%" ? ".*" : ".",
    )}$`,
    `su${flags}`,
  );

/** What the operator means, worked out without a database; nothing where the filter has to be refused. */
function meaning(operator: string, attack: string): ((held: string) => boolean) | undefined {
  switch (operator) {
    case "eq":
    case "in":
    case "between":
      return (held) => held === attack;
    case "ne":
    case "nin":
    case "isdistinct":
      return (held) => held !== attack;
    case "lt":
      return (held) => held < attack;
    case "lte":
      return (held) => held <= attack;
    case "gt":
      return (held) => held > attack;
    case "gte":
      return (held) => held >= attack;
    case "contains":
      return (held) => held.includes(attack);
    case "match":
    case "imatch":
      return undefined;
    case "icontains":
      return (held) => held.toLowerCase().includes(attack.toLowerCase());
    case "istartswith":
      return (held) => held.toLowerCase().startsWith(attack.toLowerCase());
    case "iendswith":
      return (held) => held.toLowerCase().endsWith(attack.toLowerCase());
    case "startswith":
      return (held) => held.startsWith(attack);
    case "endswith":
      return (held) => held.endsWith(attack);
    case "like":
    case "ilike": {
      if (/(^|[^\\])(\\\\)*\\$/.test(attack)) return undefined;
      const pattern = likePattern(attack, operator === "ilike" ? "i" : "");
      return (held) => pattern.test(held);
    }
    default:
      return undefined;
  }
}

for (const database of everyDatabase) {
  describe.skipIf(database.skip)(database.name, () => {
    let created: Created;
    let api: Api;
    let before: unknown;
    beforeAll(async () => {
      created = await database.create(ddl(ddlNameOf(database.name)));
      api = await createApi(created.url);
      before = await rows();
    });
    afterAll(async () => {
      expect(await rows()).toEqual(before);
      await api?.close();
      await created?.drop();
    });

    const rows = () => Promise.all(["texts", "samples"].map((table) => created.knex(table).select().orderBy("id")));

    async function ask(path: string, query: string) {
      const answer = await api.handle({
        ...{ method: "GET", path, query, prefix: "", raw: undefined },
        header: () => undefined,
        body: () => Promise.reject(new Error("GET has no body")),
      });
      const { status = 0, body = "" } = answer ?? {};
      expect([200, 400], `${query}: ${body}`).toContain(status);
      if (status === 400) expect(forbiddenWord(body, query), `${query}: ${body}`).toBeUndefined();
      return { status, json: JSON.parse(body) };
    }

    const found = (meant: (held: string) => boolean): number[] =>
      stored.flatMap((held, id) => (held !== null && meant(held) ? [id] : []));

    for (const operator of operators) {
      test(`GET /texts?t=${operator}:… finds what it means`, async () => {
        for (const attack of attacks) {
          const value = enc(written(operator, attack));
          const meant = meaning(operator, attack);
          for (const [query, expected] of [
            [`t=${operator}:${value}`, meant],
            [`t=not.${operator}:${value}`, meant && ((held: string) => !meant(held))],
          ] as const) {
            // What is NULL is distinct from every text.
            const known = operator === "isdistinct" ? "&t=is:notnull" : "";
            const { status, json } = await ask("/texts", `${query}${known}&select=id`);
            if (expected === undefined) {
              // Whether a search finds words in it is the database's affair; that it finds no more is not.
              if (operator === "fts") expect(status === 200 && json.length === stored.length, query).toBe(false);
              // Some attacks are regular expressions, and find what they say.
              else if (operator.endsWith("match")) expect([200, 400], query).toContain(status);
              else expect(status, query).toBe(400);
            } else
              expect({ query, ids: json.map(({ id }: { id: number }) => id) }).toEqual({ query, ids: found(expected) });
          }
        }
      });

      test(`GET /samples?*=${operator}:…, each kind of column`, async () => {
        for (const attack of attacks) {
          for (const column of columns) {
            const value = enc(written(operator, attack));
            const { status, json } = await ask("/samples", `${column}=${operator}:${value}&select=id`);
            if (status === 200 && finding.has(operator) && attack.length > 8)
              expect(json, `${column} ${value}`).toEqual([]);
          }
        }
      });
    }

    test("GET /texts?j->t=eq:… finds what it means", async () => {
      for (const [id, attack] of attacks.entries()) {
        for (const query of [`j-%3Et=eq:${enc(attack)}`, `or=(${enc(`j->t=eq:${quoted(attack)}`)})`])
          expect((await ask("/texts", query)).json, query).toMatchObject([{ id, t: attack }]);
      }
    });

    test("GET /texts?or=(…) and having find what they mean", async () => {
      for (const [id, attack] of attacks.entries()) {
        const or = `or=(${enc(`t=${quoted(attack)}`)},and(${enc(`id=lt:0,t=ne:${quoted(attack)}`)}))`;
        expect((await ask("/texts", or)).json, or).toMatchObject([{ id }]);
        const having = `select=t,count()&having=${enc(`t=eq:${attack}`)}`;
        expect((await ask("/texts", having)).json, having).toEqual([{ t: attack, count: 1 }]);
      }
    });
  });
}
