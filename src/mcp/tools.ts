// What an agent can do with an API, as tools of the Model Context Protocol: list and describe tables, read rows, call routines, and
// write where that is allowed.
import { didYouMean } from "../base/suggest.js";
import { problem } from "../http/problem.js";
import { type Resource, type RouteTree, routesOf } from "../routes/tree.js";
import { argumentName } from "../schema/routine.js";
import { fieldOf } from "../schema/schema.js";
import { askTool, MOST_CHARACTERS, shownToTalker, type Talk, type ToolAnswer } from "./ask.js";

type Given = Readonly<Record<string, unknown>>;

export interface Tool {
  readonly name: string;
  readonly description: string;
  /** A JSON Schema. */
  readonly inputSchema: object;
  readonly annotations: { readonly readOnlyHint: boolean; readonly destructiveHint?: boolean };
  /** Throws an `HttpError` for what is refused. */
  run(given: Given, talk: Talk, signal: AbortSignal | undefined): Promise<string>;
}

/** The most tables that one answer names. */
const MOST_TABLES = 100;

const text = (description: string) => ({ type: "string", description });
const object = (properties: object, ...required: readonly string[]) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const reads = { readOnlyHint: true };
const changes = { readOnlyHint: false, destructiveHint: true };

const listTables: Tool = {
  name: "list_tables",
  description: `Names the tables (at most ${MOST_TABLES}) and how they hang together. search narrows them by their names.`,
  inputSchema: object({ search: text("a part of tables' names") }),
  annotations: reads,
  async run(given, talk) {
    const search = textIn(given, "search", "").toLowerCase();
    const { tree } = await shownToTalker(talk);
    const found = tree.resources.filter(({ name }) => name.toLowerCase().includes(search));
    const tables = found.slice(0, MOST_TABLES).map(({ name, root, comment, relations }) => ({
      table: name,
      path: root ? `/${name}` : null,
      ...(comment !== undefined && { comment }),
      relations: relations.map((relation) => relation.name),
    }));
    const routines = (tree.routines ?? []).map(({ routine }) => routine.name);
    return json({ tables, ...(found.length > MOST_TABLES && { more: found.length - MOST_TABLES }), routines });
  },
};

const describeTable: Tool = {
  name: "describe_table",
  description: "Tells a table's columns, key, relations and routes.",
  inputSchema: object({ table: text("its name, as list_tables says it") }, "table"),
  annotations: reads,
  async run(given, talk) {
    const { tree } = await shownToTalker(talk);
    const resource = tableIn(tree, textIn(given, "table"));
    const key = new Set(resource.primaryKey);
    const hidden = new Set(resource.unread ?? []);
    return json({
      table: resource.name,
      ...(resource.comment !== undefined && { comment: resource.comment }),
      columns: resource.columns
        .filter(({ name }) => !hidden.has(name))
        .map((column) => ({
          name: fieldOf(column),
          type: column.type.kind,
          nullable: column.nullable,
          ...(key.has(column.name) && { key: true }),
          ...(column.type.values && { values: column.type.values }),
          ...(column.comment !== undefined && { comment: column.comment }),
        })),
      relations: resource.relations.map(({ name, relation, table, many }) => ({
        name,
        relation,
        to: nameOf(tree, table),
        many,
      })),
      routes: routesOf(tree.root)
        .filter(({ table }) => table === resource.table)
        .map(({ id }) => id)
        .slice(0, MOST_TABLES),
    });
  },
};

const grammar =
  "Filters are column=operator:value (eq ne lt lte gt gte in like ilike contains is:null between), joined by &, and reach through relations: album.artist.name=AC/DC. select=name,album(title) chooses columns and embeds related rows, select=genre_id,count() groups. order-by=name:asc, limit=20, offset=20, count=exact, search=text. Values are percent-encoded.";

const query: Tool = {
  name: "query",
  description: `Reads rows: GET of a path such as /members, /members/1, /members/1/groups. ${grammar}`,
  inputSchema: object(
    { path: text("/members/1/groups"), query: text("age=gt:30&select=name,country(name)&limit=10") },
    "path",
  ),
  annotations: reads,
  async run(given, talk, signal) {
    const said = await askTool(talk, {
      method: "GET",
      path: textIn(given, "path"),
      query: textIn(given, "query", ""),
      signal,
    });
    return answered(said);
  },
};

const call: Tool = {
  name: "call_routine",
  description: "Calls one of the database's functions or procedures, by its name, with its arguments by their names.",
  inputSchema: object({ name: text("as list_tables says it"), arguments: { type: "object" } }, "name"),
  annotations: changes,
  async run(given, talk, signal) {
    const { tree } = await shownToTalker(talk);
    const name = textIn(given, "name");
    const named = (tree.routines ?? []).filter(({ routine, path }) => routine.name === name && path !== null);
    const [found] = named;
    if (found === undefined) {
      const known = (tree.routines ?? []).map(({ routine }) => routine.name);
      throw problem("no_route", `There is no routine '${name.slice(0, 60)}'.${didYouMean(name, known)}`);
    }
    const path = found.path as string;
    const said = (given.arguments ?? {}) as Given;
    if (named.every(({ routine }) => routine.reads)) {
      const parts = Object.entries(said).map(
        ([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(plain(value))}`,
      );
      return answered(await askTool(talk, { method: "GET", path, query: parts.join("&"), signal }));
    }
    if (!talk.writes) {
      const takes = found.routine.arguments.map((argument, i) => argumentName(argument, i)).join(", ");
      throw problem("forbidden", `${name}(${takes}) may write, and tools may only read here.`);
    }
    return answered(await askTool(talk, { method: "POST", path, body: said, signal }));
  },
};

const write: Tool = {
  name: "write",
  description:
    "Changes rows: POST to a list makes one (or an array of them), PATCH changes and PUT replaces a row, DELETE takes it away; POST …/add and …/delete link and unlink. All or nothing.",
  inputSchema: object(
    {
      method: { type: "string", enum: ["POST", "PUT", "PATCH", "DELETE"] },
      path: text("/members/1"),
      query: text("filters, for PATCH and DELETE of a list"),
      body: { description: "the row as JSON" },
    },
    "method",
    "path",
  ),
  annotations: changes,
  async run(given, talk, signal) {
    const method = textIn(given, "method");
    if (!["POST", "PUT", "PATCH", "DELETE"].includes(method))
      throw problem("method_not_allowed", "method is POST, PUT, PATCH or DELETE.");
    const { body } = given;
    const question = { method, path: textIn(given, "path"), query: textIn(given, "query", ""), signal };
    return answered(await askTool(talk, { ...question, ...(body !== undefined && { body }) }));
  },
};

export const toolsFor = (writes: boolean): readonly Tool[] => [
  listTables,
  describeTable,
  query,
  call,
  ...(writes ? [write] : []),
];

/** A refusal is an answer too: its document says what to try. */
export class Refused extends Error {}

function answered({ status, text: said, headers }: ToolAnswer): string {
  if (status >= 400) throw new Refused(said);
  const total = headers["x-total-count"];
  const note = total === undefined ? "" : `\n${total} rows in all.`;
  if (said.length <= MOST_CHARACTERS) return (said || `Done: ${status}.`) + note;
  return `${said.slice(0, MOST_CHARACTERS)}\n… cut after ${MOST_CHARACTERS} characters: ask for fewer rows or columns with limit and select.${note}`;
}

const json = (value: unknown): string => {
  const whole = JSON.stringify(value);
  return whole.length <= MOST_CHARACTERS ? whole : `${whole.slice(0, MOST_CHARACTERS)}\n… cut: search for fewer.`;
};

const plain = (value: unknown): string => (typeof value === "object" ? JSON.stringify(value) : String(value));

/** Returns the argument, or `fallback` where it is left out. Throws where it is no text. */
function textIn(given: Given, name: string, fallback?: string): string {
  const value = given[name] ?? fallback;
  if (typeof value === "string") return value;
  throw problem("invalid_body", `${name} is a text.`);
}

function tableIn({ resources }: RouteTree, name: string): Resource {
  const found = resources.find((resource) => resource.name === name || resource.table === name);
  if (found !== undefined) return found;
  const hint = didYouMean(
    name,
    resources.map((resource) => resource.name),
  );
  throw problem("no_route", `There is no table '${name.slice(0, 60)}'.${hint}`);
}

const nameOf = ({ resources }: RouteTree, table: string): string =>
  resources.find((one) => one.table === table)?.name ?? table;
