// The options that name paths and weigh evidence, on real databases; every combination of words is tried in test/routes.
import { describe, expect, test } from "vitest";
import type { ApiOptions } from "../../src/api/options.js";
import type { DatabaseName } from "../support/databases.js";
import { onEveryDatabase } from "../support/matrix.js";

/** No foreign key is declared; `user_status` has one, to make a difference. */
const tables = (integer: string): string => `
CREATE TABLE user_account (id ${integer}, name VARCHAR(20));
CREATE TABLE blog_post (id ${integer}, user_account_id INTEGER, title VARCHAR(20));
CREATE TABLE kunde (id ${integer}, name VARCHAR(20));
CREATE TABLE auftrag (id ${integer}, kunde_id INTEGER);
CREATE TABLE tags (id ${integer}, label VARCHAR(20));
CREATE TABLE blog_post_tag (blog_post_id INTEGER NOT NULL, tag_id INTEGER NOT NULL);
CREATE TABLE user_status (id ${integer}, owner INTEGER, stripe_id INTEGER, FOREIGN KEY (owner) REFERENCES user_account (id));
INSERT INTO user_account (id, name) VALUES (1, 'ada');
INSERT INTO blog_post (id, user_account_id, title) VALUES (1, 1, 'first');
INSERT INTO kunde (id, name) VALUES (1, 'Meyer');
INSERT INTO auftrag (id, kunde_id) VALUES (7, 1);
INSERT INTO tags (id, label) VALUES (1, 'red');
INSERT INTO blog_post_tag (blog_post_id, tag_id) VALUES (1, 1);
INSERT INTO user_status (id, owner) VALUES (5, 1);
`;
const key = "INTEGER NOT NULL PRIMARY KEY";
const ddl: Record<DatabaseName, string> = { sqlite: tables(key), postgres: tables(key), mariadb: tables(key) };

const cases: [title: string, options: ApiOptions, there: string[], gone: string[]][] = [
  [
    "the defaults",
    {},
    [
      "/user_accounts/1/blog_posts/1",
      "/blog_posts/1/user_account",
      "/blog_posts/1/tags/1",
      "/tags/1/blog_posts",
      "/user_accounts/1/user_status",
      "/user_status/5/owner",
    ],
    ["/user_account", "/blog_post_tags", "/user_status/5/stripe"],
  ],
  [
    "resourcePathPlural: false",
    { resourcePathPlural: false },
    ["/user_account/1/blog_post/1", "/blog_post/1/tag/1", "/tag/1/blog_post", "/user_status"],
    ["/user_accounts", "/tags"],
  ],
  [
    "resourceCase: kebab",
    { resourceCase: "kebab" },
    ["/user-accounts/1/blog-posts", "/blog-posts/1/user-account"],
    ["/user_accounts"],
  ],
  ["resourceCase: camel", { resourceCase: "camel" }, ["/userAccounts/1/blogPosts", "/blogPosts/1/userAccount"], []],
  [
    "resourceCase: preserve",
    { resourceCase: "preserve" },
    ["/user_account/1/blog_post", "/kunde", "/tags"],
    ["/user_accounts", "/kundes"],
  ],
  [
    "inflections",
    { inflections: { kunde: "kunden", auftrag: "auftraege" } },
    ["/kunden/1/auftraege/7", "/auftraege/7/kunde"],
    ["/kundes", "/auftrags"],
  ],
  [
    "classifyBy: constraints",
    { classifyBy: "constraints" },
    ["/user_accounts/1/user_status/5", "/blog_post_tags"],
    ["/user_accounts/1/blog_posts", "/blog_posts/1/tags"],
  ],
  [
    "classifyBy: names",
    { classifyBy: "names" },
    ["/user_accounts/1/blog_posts", "/blog_posts/1/tags"],
    ["/user_accounts/1/user_status", "/user_status/5/owner"],
  ],
  [
    "tableNamePlural: true",
    { tableNamePlural: true },
    ["/tags", "/user_accounts"],
    ["/user_accounts/1/blog_posts", "/kundes/1/auftrags"],
  ],
  [
    "tableNamePlural: false",
    { tableNamePlural: false },
    ["/user_accounts/1/blog_posts", "/kundes/1/auftrags"],
    ["/blog_posts/1/tags"],
  ],
  [
    "resource",
    { overrides: [{ name: "kunde", resource: "Kundschaft & Co" }] },
    ["/Kundschaft%20%26%20Co/1/auftrags/7"],
    ["/kundes"],
  ],
  [
    "relationTypes: n-n and root",
    { overrides: [{ name: "blog_post_tag", relationTypes: ["root", "n-n", "one-n"] }] },
    ["/blog_post_tags", "/blog_posts/1/tags", "/blog_posts/1/blog_post_tags"],
    [],
  ],
  [
    "relationTypes: root alone",
    { overrides: [{ name: "blog_post", relationTypes: ["root"] }] },
    ["/blog_posts/1"],
    ["/user_accounts/1/blog_posts", "/blog_posts/1/user_account"],
  ],
  [
    "relationTypes: one-n alone",
    { overrides: [{ name: "auftrag", relationTypes: ["one-n"] }] },
    ["/kundes/1/auftrags/7"],
    ["/auftrags"],
  ],
  [
    "belongsTo as a name, in either number",
    {
      classifyBy: "constraints",
      overrides: [
        { name: "auftrag", belongsTo: ["kunde"] },
        { name: "blog_post", belongsTo: ["user_accounts"] },
      ],
    },
    ["/kundes/1/auftrags/7", "/auftrags/7/kunde", "/user_accounts/1/blog_posts"],
    ["/blog_posts/1/tags"],
  ],
  [
    "belongsTo with a column, and a name of its own",
    { overrides: [{ name: "user_status", belongsTo: [{ table: "user_account", column: "owner", as: "account" }] }] },
    ["/user_status/5/account", "/user_accounts/1/user_status/5"],
    ["/user_status/5/owner"],
  ],
];

onEveryDatabase(ddl, (place) => {
  for (const [title, options, there, gone] of cases) {
    describe(title, () => {
      test([...there, ...gone.map((path) => `not ${path}`)].join(" "), async () => {
        const app = await place.app(options);
        const status = async (path: string) => [path, (await app.ask(`GET ${path}`)).status];
        for (const path of there) expect(await status(path)).toEqual([path, 200]);
        for (const path of gone) expect(await status(path)).toEqual([path, 404]);
      });
    });
  }
});
