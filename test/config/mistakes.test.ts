// A mistake in the config stops `makeRoutes`: the error names the place and the nearest valid word, and nothing stays open.
import { beforeAll, describe, expect, test } from "vitest";
import type { ApiOptions } from "../../src/api/options.js";
import { ddl } from "../fixtures/community.js";
import { onEveryDatabase, type Place } from "../support/matrix.js";

const columns = [{ name: "id", type: "integer" }];
const override = (entry: object) => ({ overrides: [{ name: "members", ...entry }] });
const byHand = (...entries: object[]) => ({ tables: [{ name: "members", columns }, ...entries] });

const mistakes: [options: object, message: string | RegExp][] = [
  [{ tabels: [] }, /^options\.tabels: there is no such option\. Perhaps you meant 'tables'\. The options are schema, /],
  [{ defaultLimits: 3 }, /^options\.defaultLimits: .*'defaultLimit'/],
  [{ maxLimit: 0 }, "options.maxLimit: is a whole number from 1 up, not 0."],
  [{ defaultLimit: 2.5 }, "options.defaultLimit: is a whole number from 1 up, not 2.5."],
  [{ bodyLimit: "1mb" }, "options.bodyLimit: is a whole number from 1 up, not 1mb."],
  [{ retries: -1 }, "options.retries: is a whole number from 0 up, not -1."],
  [{ depth: 6 }, "options.depth: is a whole number from 1 to 5, not 6."],
  [{ depth: "3" }, /^options\.depth: /],
  [{ classifyBy: "constraint" }, /^options\.classifyBy: 'constraint' is none of .*'constraints'/],
  [{ resourceCase: "kebap" }, /^options\.resourceCase: 'kebap' is none of .*'kebab'/],
  [{ tableNamePlural: "no" }, /^options\.tableNamePlural: is true or false/],
  [{ resourcePathPlural: 0 }, /^options\.resourcePathPlural: is true or false/],
  [{ csvFormulas: "no" }, /^options\.csvFormulas: is true or false/],
  [{ bigNumbers: "strings" }, "options.bigNumbers: 'strings' is none of number, string. Perhaps you meant 'string'."],
  [{ inflections: { kunde: 3 } }, /^options\.inflections\.kunde: /],
  [{ include: ["membres"] }, "include[0]: there is no table or column 'membres'. Perhaps you meant 'members'."],
  [{ exclude: ["logs", "members.emial"] }, /^exclude\[1\]: .*'members\.emial'\. Perhaps you meant 'members\.email'\.$/],
  [{ include: "members" }, /^include: is an array/],

  [override({ resorce: "people" }), /^overrides\[0\]\.resorce: .*'resource'/],
  [override({ resource: "our/people" }), /^overrides\[0\]\.resource: /],
  [override({ resource: "" }), /^overrides\[0\]\.resource: /],
  [{ overrides: [{ name: "membre" }] }, "overrides[0].name: there is no table 'membre'. Perhaps you meant 'members'."],
  [{ overrides: ["members"] }, /^overrides\[0\]: a table entry is an object with a name/],
  [{ overrides: [{ resource: "x" }] }, /^overrides\[0\]: a table entry is an object with a name/],
  [
    override({ columns: [{ name: "id" }, { name: "nmae" }] }),
    "overrides[0].columns[1].name: members has no column 'nmae'. Perhaps you meant 'name'.",
  ],
  [override({ columns: [{ name: "id", az: "no" }] }), /^overrides\[0\]\.columns\[0\]\.az: .*'as'/],
  [override({ columns: [{ as: "no" }] }), /^overrides\[0\]\.columns\[0\]\.name: /],
  [override({ columns: ["id"] }), /^overrides\[0\]\.columns\[0\]: is an object/],
  [override({ columns: { id: "no" } }), /^overrides\[0\]\.columns: is an array/],
  [override({ columns: [{ name: "id" }, { name: "id" }] }), /^overrides\[0\]\.columns\[.\]\.name: id stands twice/],
  [
    override({ columns: [{ name: "id", as: "name" }] }),
    "overrides[0].columns: two columns of members would be called 'name'.",
  ],
  [override({ primaryKey: "idd" }), "overrides[0].primaryKey: members has no column 'idd'. Perhaps you meant 'id'."],
  [override({ primaryKey: [1] }), /^overrides\[0\]\.primaryKey: /],
  [override({ relationTypes: ["one-m"] }), /^overrides\[0\]\.relationTypes: 'one-m' is none of .*'one-n'/],
  [override({ relationTypes: "root" }), /^overrides\[0\]\.relationTypes: is an array/],
  [override({ relationTypes: ["n-n"] }), /members\.relationTypes: "n-n" needs two foreign keys, and members has 1/],
  [
    { overrides: [{ name: "logs", relationTypes: ["one-n"] }] },
    /logs\.relationTypes: "one-n" needs a foreign key, and logs has none/,
  ],
  [
    override({ belongsTo: ["cuontries"] }),
    "overrides[0].belongsTo[0]: there is no table 'cuontries'. Perhaps you meant 'countries'.",
  ],
  [override({ belongsTo: ["venues"] }), /^overrides\[0\]\.belongsTo\[0\]: members has no column 'venue_id'/],
  [override({ belongsTo: "countries" }), /^overrides\[0\]\.belongsTo: is an array/],
  [override({ belongsTo: [{ table: "countries" }] }), /^overrides\[0\]\.belongsTo\[0\]\.column: /],
  [
    override({ belongsTo: [{ table: "countries", colum: "id" }] }),
    /^overrides\[0\]\.belongsTo\[0\]\.colum: .*'column'/,
  ],
  [
    override({ belongsTo: [{ table: "countries", column: "contry_id" }] }),
    /^overrides\[0\]\.belongsTo\[0\]\.column: .*'country_id'/,
  ],
  [
    override({ belongsTo: [{ table: "countries", column: "country_id", references: "cod" }] }),
    /^overrides\[0\]\.belongsTo\[0\]\.references: countries has no column 'cod'\. Perhaps you meant 'code'\.$/,
  ],
  [
    override({ belongsTo: [{ table: "stocks", column: "name" }] }),
    /^overrides\[0\]\.belongsTo\[0\]: \(name\) cannot refer to \(warehouse, sku\)/,
  ],
  [override({ belongsTo: [{ table: "logs", column: "name" }] }), /belongsTo\[0\]: logs has no primary key: say /],

  [{ tables: [{ name: "members" }] }, /^tables\[0\]\.columns: members needs its columns here/],
  [byHand({ name: "members", columns }), "tables: members stands twice."],
  [byHand({ name: "x", columns, primaryKey: "no" }), /^tables\[1\]\.primaryKey: x has no column 'no'/],
  [byHand({ name: "x", columns, belongsTo: ["member"] }), /^tables\[1\]\.belongsTo\[0\]: x has no column 'member_id'/],
  [byHand({ name: "x", columns: [{ name: "id", type: 4 }] }), /^tables\[1\]\.columns\[0\]\.type: /],
];

onEveryDatabase(
  ddl,
  (place: Place) => {
    let handles: () => number;
    beforeAll(() => {
      handles = () => process.getActiveResourcesInfo().length;
    });

    describe("options", () => {
      for (const [options, message] of mistakes) {
        test(JSON.stringify(options).slice(0, 110), async () => {
          const before = handles();
          const error = await place.app(options as ApiOptions).then(
            () => undefined,
            (thrown) => thrown,
          );
          expect(error).toMatchObject({ name: "ConfigError" });
          if (typeof message === "string") expect(error.message).toBe(message);
          else expect(error.message).toMatch(message);
          expect(handles()).toBeLessThanOrEqual(before + 1);
        });
      }
    });
  },
  ["sqlite"],
);
