// Full-text indexes as each database has them for itself.

import { beforeAll, describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { planFilters } from "../../src/plan/filter.js";
import { Values } from "../../src/plan/values.js";
import { parseFilter } from "../../src/request/filter.js";
import { lookupOf, tableOf } from "../../src/schema/lookup.js";
import { bindings } from "../../src/sql/compile.js";
import { whereOf } from "../../src/sql/expression.js";
import { Writer } from "../../src/sql/writer.js";
import { lists, refuses } from "../support/answers.js";
import type { App } from "../support/apps.js";
import { onEveryServer } from "../support/matrix.js";

const sqlite = `
CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, body TEXT);
INSERT INTO posts (id, title, body) VALUES (7, 'Cats', 'A black cat'), (9, 'Dogs', 'A black dog');
CREATE VIRTUAL TABLE posts_words USING fts5(body, content=posts, content_rowid=id);
INSERT INTO posts_words (posts_words) VALUES ('rebuild');
CREATE VIRTUAL TABLE notes USING fts5("the ""text""", author UNINDEXED, tokenize = 'porter unicode61');
INSERT INTO notes ("the ""text""", author) VALUES ('running cats', 'ada'), ('a walk', 'running');
CREATE VIRTUAL TABLE strangers USING fts5(name, content='gone');
`;

const postgres = `
CREATE TABLE posts (
  id INTEGER PRIMARY KEY, title VARCHAR(40), code CHAR(8), body TEXT, tags TEXT[],
  words TSVECTOR GENERATED ALWAYS AS (to_tsvector('english', coalesce(title, '') || ' ' || coalesce(body, ''))) STORED
);
INSERT INTO posts (id, title, code, body) VALUES
  (7, 'Cats', 'one', 'The cat was running to example.org/menu'), (9, 'Dogs', 'two', 'Un chien marchait'), (11, NULL, NULL, NULL);
CREATE INDEX ON posts USING gin (to_tsvector('english', body));
CREATE INDEX ON posts USING gin (to_tsvector('english', title));
`;

const mariadb = `
CREATE TABLE posts (id INTEGER PRIMARY KEY, title VARCHAR(40), body TEXT, note TEXT,
  FULLTEXT (title, note), FULLTEXT (title), FULLTEXT (body));
INSERT INTO posts (id, title, body, note) VALUES (7, 'Cats', 'A black cat', 'one'), (9, 'Dogs', 'A black dog', 'two');
`;

const ddl = { sqlite, postgres, mariadb };

onEveryServer(ddl, (place) => {
  let app: App;
  beforeAll(async () => {
    app = await place.app();
  });

  describe.runIf(ddl[place.name] === sqlite)("FTS5", () => {
    lists(() => app, "id", { "GET /posts?body=fts:black+-cat": [9], "GET /posts?body=not.fts:dog": [7] });
    lists(() => app, "author", {
      'GET /notes?the%20"text"=fts:run': ["ada"],
      'GET /notes?the%20"text"=not.fts:run': ["running"],
    });
    refuses(
      () => app,
      [
        ["GET /posts?title=fts:cats", 400, "invalid_filter"],
        ["GET /notes?author=fts:running", 400, "invalid_filter"],
        ["GET /posts?body=fts(english):cats", 400, "invalid_filter"],
      ],
    );
  });

  describe.runIf(ddl[place.name] === postgres)("to_tsvector", () => {
    lists(() => app, "id", {
      "GET /posts?body=fts:run": [7],
      "GET /posts?body=fts(simple):run": [],
      "GET /posts?body=fts(simple):running": [7],
      "GET /posts?body=fts(french):marcher": [9],
      "GET /posts?body=not.fts(french):marcher": [7],
      "GET /posts?or=(body=fts(french):marcher,body=fts(english):runs)": [7, 9],
      "GET /posts?body=fts:example.org/menu": [7],
      "GET /posts?title=fts:cat": [7],
      "GET /posts?code=fts:two": [9],
      "GET /posts?words=fts(english):cats+running": [7],
      "GET /posts?words=not.fts(english):cats": [9, 11],
      "GET /posts?body=fts:the": [],
    });
    refuses(
      () => app,
      [
        ["GET /posts?body=fts(englisch):cats", 400, "invalid_filter"],
        ["GET /posts?tags=fts:cats", 400, "invalid_filter"],
        ["GET /posts?body=fts():cats", 400, "invalid_filter"],
      ],
    );

    test("the index's own language and expression, so that it is used", async () => {
      const api = await createApi(place.db().knex);
      const lookup = lookupOf(api.schema);
      const entry = tableOf(lookup, "posts");
      const searching = { languages: api.schema.languages ?? [], unindexed: api.dialect.search.unindexed };
      for (const name of ["title", "body"]) {
        const values = new Values();
        const writer = new Writer(lookup, api.dialect);
        const limits = { maxValues: 9, maxWords: 9, defaultLimit: 9, maxLimit: 9 };
        const names = { lookup, relations: new Map(), searching, limits };
        const where = planFilters([parseFilter(name, "fts:cat", 9)], entry, names, values);
        const statement = writer.finished(`EXPLAIN SELECT id FROM posts${whereOf(writer, where, entry)}`);
        const bound = bindings(statement, values.all, api.dialect);
        await place.db().knex.transaction(async (trx) => {
          await trx.raw("SET LOCAL enable_seqscan = off");
          const { rows } = await trx.raw(statement.text.replace(/\$\d/g, "?"), bound as string[]);
          expect(JSON.stringify(rows)).toContain("Bitmap Index Scan");
        });
      }
    });
  });

  describe.runIf(ddl[place.name] === mariadb)("FULLTEXT", () => {
    lists(() => app, "id", { "GET /posts?title=fts:cats": [7], "GET /posts?body=fts:black+-cat": [9] });
    refuses(() => app, [["GET /posts?note=fts:one", 400, "invalid_filter"]]);
  });
});
