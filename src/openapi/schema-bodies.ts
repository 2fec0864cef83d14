// The words in which tables, databases and users are made, as schemas of JSON. What they mean together, the server says.
import type { JsonSchema } from "./schema.js";

/** What each kind is made and changed with. */
export const schemaBodies = {
  Table: { post: "Table", patch: "Change" },
  Database: { post: "Database" },
  User: { post: "NewUser" },
} as const satisfies Record<string, Partial<Record<string, keyof ReturnType<typeof schemaSchemas>>>>;

const text: JsonSchema = { type: "string" };
const name: JsonSchema = { type: "string", minLength: 1 };
const MOST = 1_000;
const list = (items: JsonSchema): JsonSchema => ({ type: "array", items, maxItems: MOST });
const oneOrMore: JsonSchema = { anyOf: [name, { ...list(name), minItems: 1 }] };
const record = (properties: Readonly<Record<string, JsonSchema>>, ...required: readonly string[]): JsonSchema => ({
  ...{ type: "object", properties, additionalProperties: false },
  ...(required.length > 0 && { required }),
});
const actions: JsonSchema = {
  type: "string",
  description: "What becomes of rows whose parent is deleted or gets another key; left out, that is refused.",
  examples: ["cascade", "set null", "set default", "restrict"],
};

const column = record(
  {
    name,
    type: {
      ...text,
      description:
        "`text`, `string(80)`, `integer`, `bigint`, `decimal(10,2)`, `float`, `boolean`, `date`, `time`, `datetime`, `timestamp`, `timestamptz`, `json`, `uuid`, `binary`, `increments`, or a type of the database's own.",
      examples: ["string(80)"],
    },
    notNull: { type: "boolean", default: false },
    default: {
      type: ["string", "number", "boolean", "null"],
      description: "A value, or `now` for dates and times.",
    },
    comment: text,
  },
  "name",
);

const foreignKey = record(
  { table: name, column: oneOrMore, references: oneOrMore, onDelete: actions, onUpdate: actions },
  "table",
  "column",
);

const keys = list(oneOrMore);
const rights = ["read", "create", "update", "delete", "*"];
const right: JsonSchema = { type: "string", enum: rights };

/** By the end of their names: `schema.Table`. No table's own schema has a point in its name. `hosts`: are users of a host? */
export const schemaSchemas = (hosts: boolean) => {
  const host: Readonly<Record<string, JsonSchema>> = hosts
    ? { host: { ...text, description: "`%` is any.", default: "%" } }
    : {};
  return {
    Table: record(
      {
        name: { ...name, description: "As in the database; `schema.name` outside of the connection's own schema." },
        columns: { ...list(column), minItems: 1 },
        primaryKey: { anyOf: [name, list(name)], description: "Left out: `id`, where there is such a column." },
        unique: { ...keys, description: "A column, or several together." },
        indexes: keys,
        belongsTo: list({
          anyOf: [{ ...name, description: "A table; the column is its name with `_id`." }, foreignKey],
        }),
        comment: text,
      },
      "name",
      "columns",
    ),
    Change: record({
      add: list(column),
      change: { ...list(column), description: "What an entry leaves out stays as it is." },
      rename: { type: "object", additionalProperties: name, description: "Old names and new ones of columns." },
      drop: { ...list(name), description: "Columns that go, with their keys and indexes." },
      indexes: { ...keys, description: "Indexes that come." },
      primaryKey: oneOrMore,
    }),
    Database: record({ name }, "name"),
    User: record(
      {
        name,
        ...host,
        grants: {
          type: "object",
          additionalProperties: list(right),
          description: "By tables' names; `*` is all tables.",
        },
      },
      "name",
      "grants",
    ),
    NewUser: record(
      {
        name,
        ...host,
        password: {
          ...{ type: "string", format: "password", minLength: 12, maxLength: 128 },
          description: "ASCII without a backslash, and without the user's name.",
        },
        grants: {
          type: "object",
          additionalProperties: { anyOf: [right, { ...list(right), minItems: 1 }] },
          description: "By tables' names; `*` is every table that is shown and not named.",
        },
      },
      "name",
      "password",
    ),
    Rehearsal: record(
      {
        statements: { type: "array", items: text },
        notes: { type: "array", items: text },
        changes: {
          type: "array",
          description: "What clients would see.",
          items: record(
            { severity: { type: "string", enum: ["breaking", "may break", "new"] }, at: text, text },
            "severity",
            "at",
            "text",
          ),
        },
        severity: { enum: ["breaking", "may break", "new", null], description: "The worst of them." },
      },
      "statements",
      "notes",
      "changes",
      "severity",
    ),
  } satisfies Record<string, JsonSchema>;
};
