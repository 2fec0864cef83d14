// The document of an API, and where its tables, databases and users are made → the document with those routes. They are not the
// tree's: they stand at the server's top, each with the address that it is found below.

import type { Profile } from "../routes/tree.js";
import { Components } from "./components.js";
import type { DocumentParts } from "./document.js";
import { profileParameters } from "./profile.js";
import { refusalsOf } from "./responses.js";
import type { JsonSchema } from "./schema.js";
import { schemaBodies, schemaSchemas } from "./schema-bodies.js";

/** What a server has of such routes. */
export interface SchemaRoutes {
  /** What stands before the paths: an address, relative to the document's own. */
  readonly server: string;
  /** `/schema/tables`. */
  readonly tables: string;
  /** Left out where the database is a file. */
  readonly databases?: string;
  readonly users?: string;
  /** Are users of a host? */
  readonly hosts: boolean;
  /** Things are shown only. */
  readonly readOnly: boolean;
  /** Which of several schemas it is. */
  readonly profile?: Profile | undefined;
}

/** `schema`, or another name where a table has that one. */
function freeTag(tags: DocumentParts["tags"]): string {
  let tag = "schema";
  while (tags.some(({ name }) => name === tag)) tag += "_routes";
  return tag;
}

type SchemaName = keyof ReturnType<typeof schemaSchemas>;
type Kind = "Table" | "Database" | "User";

interface Place {
  readonly path: string;
  readonly kind: Kind;
  /** Of one, by its name. */
  readonly one: boolean;
}

/** The same document with the routes behind its own. */
export function withSchemaRoutes(parts: DocumentParts, routes: SchemaRoutes): DocumentParts {
  const places = placesOf(routes);
  const secured = parts.securitySchemes !== undefined;
  const description = "Tables, and what stands beside them: shown, made, changed and dropped. For admins.";
  const tag = freeTag(parts.tags);
  const head = { ...parts, tags: [...parts.tags, { name: tag, description }] };
  const itemOf = (place: Place, components: Components) =>
    pathItem(place, tag, routes, { components, secured, terse: true });
  return {
    ...head,
    *paths() {
      yield* parts.paths();
      for (const place of places) yield { address: place.path, item: itemOf(place, parts.components) };
    },
    outline: () => ({ ...parts.outline(), tags: head.tags }),
    tagAt: (wanted) =>
      wanted === tag
        ? Object.fromEntries(places.map((place) => [place.path, outlineOf(place, tag, routes)]))
        : parts.tagAt(wanted),
    tagsHolding: (text) => {
      const wanted = text.toLowerCase();
      const holds = places.some(({ path }) => path.toLowerCase().includes(wanted));
      return [...parts.tagsHolding(text), ...(holds ? [tag] : [])];
    },
    pathAt(address) {
      const place = places.find(({ path }) => path === address);
      if (place === undefined) return parts.pathAt(address);
      const components = new Components();
      const item = itemOf(place, components);
      return { item, components: components.toJSON() };
    },
  };
}

function placesOf({ tables, databases, users }: SchemaRoutes): readonly Place[] {
  const all = { Table: tables, Database: databases, User: users } as const;
  return (Object.keys(all) as Kind[]).flatMap((kind) => {
    const path = all[kind];
    return path === undefined
      ? []
      : [
          { path, kind, one: false },
          { path: `${path}/{name}`, kind, one: true },
        ];
  });
}

interface Said {
  readonly method: "get" | "post" | "patch" | "delete";
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** In the query. */
  readonly takes: readonly (keyof typeof parameters)[];
}

const rehearsed = "`dry-run=true` answers what would be done, and does nothing.";

function operationsAt({ kind, one }: Place, readOnly: boolean): readonly Said[] {
  const noun = kind.toLowerCase();
  const breaking = kind === "Table" ? ["allow" as const] : [];
  const writes = { takes: ["dry-run" as const, ...breaking] };
  const rows = kind === "User" ? [] : ["rows" as const];
  const shown = one
    ? { method: "get", operationId: `getSchema${kind}`, summary: `One ${noun}`, description: about[kind], takes: [] }
    : {
        method: "get",
        operationId: `listSchema${kind}s`,
        summary: `All ${noun}s`,
        description: about[kind],
        takes: [],
      };
  const made = {
    method: "post",
    operationId: `createSchema${kind}`,
    summary: `Make a ${noun}`,
    description: rehearsed,
  };
  const changed = {
    method: "patch",
    operationId: "updateSchemaTable",
    summary: "Change a table",
    description: rehearsed,
  };
  const dropped = {
    method: "delete",
    operationId: `dropSchema${kind}`,
    summary: `Drop a ${noun}`,
    description: rehearsed,
  };
  const written = one
    ? [...(kind === "Table" ? [{ ...changed, ...writes }] : []), { ...dropped, takes: [...writes.takes, ...rows] }]
    : [{ ...made, ...writes }];
  return [shown, ...(readOnly ? [] : written)] as readonly Said[];
}

const about: Readonly<Record<Kind, string>> = {
  Table: "As entries, in the words in which they are made.",
  Database: "Of the database's server, without those that it keeps for itself.",
  User: "Who may sign in to the database's server, and what was granted to them in this database. No password is shown.",
};

const query = (name: string, description: string, ...words: readonly string[]): JsonSchema => ({
  ...{ name, in: "query", description },
  schema: { type: "string", enum: words },
});

const parameters = {
  "dry-run": query(
    "dry-run",
    "What would be done is said, and not done. So does `Prefer: tx=rollback`.",
    "true",
    "false",
  ),
  allow: query("allow", "Clients may find things gone or otherwise.", "breaking"),
  rows: query("rows", "What it holds goes with it.", "delete"),
} as const;

const named: JsonSchema = {
  ...{ name: "name", in: "path", required: true },
  description: "Its name in the database, percent-encoded.",
  schema: { type: "string", minLength: 1 },
};

type Ground = Parameters<typeof refusalsOf>[1];

function pathItem(place: Place, tag: string, routes: SchemaRoutes, ground: Ground): JsonSchema {
  const { components } = ground;
  const said = operationsAt(place, routes.readOnly).map(({ method, takes, ...head }) => {
    const profiled = profileParameters(method.toUpperCase(), { profile: routes.profile, components });
    const asked = takes.map((name) => components.ref("parameters", `schema.${name}`, () => parameters[name]));
    const parametersOf = [...asked, ...profiled];
    const bodies: Readonly<Partial<Record<string, SchemaName>>> = schemaBodies[place.kind];
    const body = bodies[method];
    const operation = {
      ...head,
      ...{ tags: [tag], ...(parametersOf.length > 0 && { parameters: parametersOf }) },
      ...(body && { requestBody: { required: true, content: jsonOf(schemaRef(body, routes, components)) } }),
      responses: { ...answersOf(method, place, routes, components), ...refusalsOf([], ground) },
    };
    return [method, operation] as const;
  });
  return {
    servers: [{ url: routes.server }],
    ...(place.one && { parameters: [named] }),
    ...Object.fromEntries(said),
  };
}

/** What a table of contents shows. */
function outlineOf(place: Place, tag: string, { readOnly, server }: SchemaRoutes): JsonSchema {
  const said = operationsAt(place, readOnly).map(({ method, operationId, summary }) => [
    method,
    { operationId, tags: [tag], summary },
  ]);
  return { servers: [{ url: server }], ...Object.fromEntries(said) };
}

const jsonOf = (schema: JsonSchema): JsonSchema => ({ "application/json": { schema } });

const schemaRef = (name: SchemaName, { hosts }: SchemaRoutes, components: Components) =>
  components.ref("schemas", `schema.${name}`, () => schemaSchemas(hosts)[name]);

function answersOf(
  method: Said["method"],
  { kind, one }: Place,
  routes: SchemaRoutes,
  components: Components,
): JsonSchema {
  const entry = schemaRef(kind, routes, components);
  const rehearsal = schemaRef("Rehearsal", routes, components);
  const answer = (description: string, schema: JsonSchema) => ({ description, content: jsonOf(schema) });
  const tried = { 200: answer("What would be done: of a dry run only.", rehearsal) };
  switch (method) {
    case "get":
      return { 200: one ? answer("It.", entry) : answer("All of them.", { type: "array", items: entry }) };
    case "post":
      return {
        ...tried,
        201: {
          ...answer("It was made.", entry),
          headers: { Location: { description: "Where it is.", schema: { type: "string" }, required: true } },
        },
      };
    case "patch":
      return { 200: answer("As it is now, or what would be done.", { anyOf: [entry, rehearsal] }) };
    case "delete":
      return { ...tried, 204: { description: "It is gone." } };
  }
}
