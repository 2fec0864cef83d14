// The settings → the JSON Schema of sapwood.config.json, for editors: `"$schema": "./node_modules/sapwood/dist/src/config.schema.json"`.
import type { ApiOptions } from "../api/options.js";
import type { CliSetting } from "./setting.js";
import { settings } from "./settings.js";

const list = { type: "array" };
const object = { type: "object" };
const text = { type: "string" };
const toggle = { type: "boolean" };

/** Options that are no settings, with what they are about. What JSON cannot hold has none. */
const others = {
  tables: [list, "the whole schema by hand"],
  overrides: [list, "entries of tables and routines, laid over what was read"],
  routines: [list, "functions and procedures"],
  stamps: [object, "columns that the API writes: when and by whom"],
  tableNamePlural: [toggle, "are tables named in the plural?"],
  resourcePathPlural: [toggle, "are paths?"],
  resourceCase: [{ enum: ["snake", "kebab", "camel", "preserve"] }, "how names are spelt in paths"],
  inflections: [object, "plurals that are not regular"],
  inflect: [toggle, "are plurals looked for?"],
  tablePrefix: [{}, "what stands before all tables' names"],
  classifyBy: [{ enum: ["both", "constraints", "names"] }, "which evidence counts for relations"],
  depth: [{ type: "integer", minimum: 1, maximum: 5 }, "how many tables a path may name"],
  maxRoutes: [{ type: "integer", minimum: 1 }, "the most routes"],
  batch: [toggle, "POST /batch"],
  renamed: [object, "old names of resources"],
  csvFormulas: [toggle, "may a cell of CSV begin as a formula does?"],
  defaultStatementTimeout: [{ type: "number", exclusiveMinimum: 0 }, "statementTimeout where the database has none"],
  cache: [object, "answers that are kept"],
  webhooks: [list, "addresses that are told of writes"],
  auth: [object, "how callers say who they are"],
  roles: [object, "who may do what"],
  inDatabase: [object, "what the database is told of who asks"],
} as const satisfies Partial<Record<keyof ApiOptions, readonly [object, string]>>;

/** Functions, and what only programs have. */
export const notInJson: readonly (keyof ApiOptions)[] = ["hooks", "outbox", "user", "logger"];

const described = ({ kind, text, default: value }: CliSetting): object => ({
  ...kind.json,
  description: `${text} (default: ${value})`,
});

/** Draft 2020-12. A key that there is not is refused. */
export function configSchema(): object {
  const options = Object.entries(others).map(
    ([name, [json, description]]) => [name, { ...json, description }] as const,
  );
  const own = settings.map((setting) => [setting.name, described(setting)] as const);
  const perDatabase = Object.fromEntries([...options, ...own]);
  const db = { type: ["string", "object"], description: "a connection string, or a knex config" };
  const labels = {
    label: { ...text, description: "what people call it" },
    description: { ...text, description: "what is in it" },
    active: { ...toggle, description: "false switches it off: it is not opened" },
  };
  const entry = { type: "object", properties: { db, ...labels, ...perDatabase } };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "sapwood.config.json",
    type: "object",
    additionalProperties: false,
    properties: {
      $schema: text,
      db,
      databases: {
        type: "object",
        description: "several databases by their names, which are their paths below the prefix",
        additionalProperties: { anyOf: [{ type: "string" }, entry] },
      },
      ...perDatabase,
    },
  };
}
