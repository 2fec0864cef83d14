// Bodies made of the document's schemas, on real databases: what a published schema takes is not refused for its form or its values,
// and what it refuses is refused. Nothing is kept: every write is a rehearsal.
import { expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { type Resource, type RouteTree, toOpenApi } from "../../src/index.js";
import { fieldOf } from "../../src/schema/schema.js";
import { ddl as badges } from "../fixtures/badges.js";
import { ddl as community } from "../fixtures/community.js";
import { ddl as places } from "../fixtures/places.js";
import { ddl as shapes } from "../fixtures/shapes.js";
import { ddl as values } from "../fixtures/values.js";
import { abilities } from "../support/abilities.js";
import type { App } from "../support/apps.js";
import type { DatabaseName } from "../support/databases.js";
import { type Schemas, schemasOf } from "../support/json-schema.js";
import { onEveryDatabase } from "../support/matrix.js";
import { pool, type Random, randomOf, sampleOf } from "./sample.js";

type Body = Record<string, unknown>;

const ROUNDS = 12;
const together = (name: DatabaseName) => [community, values, badges, places].map((ddl) => ddl[name]).join("\n");
const all = { sqlite: together("sqlite"), postgres: together("postgres"), mariadb: together("mariadb") };

/** What says that a body does not have the form, or a value not the type, that is published. */
const formal = new Set(["invalid_value", "not_null_violation", "read_only_column"]);

interface Exception {
  readonly of: (body: string, database: DatabaseName, detail: string) => boolean;
  readonly reason: string;
}

/** What a schema cannot say. */
const exceptions: readonly Exception[] = [
  {
    of: (_, __, detail) => /^\w+(\[\d+\])?: A value is missing/.test(detail),
    reason: "a related row that says its key is changed where it stands, and is a new one where it does not",
  },
  {
    of: (_, __, detail) => /would be out of range with this increment/.test(detail),
    reason: "a sum depends on the number that the row holds by then",
  },
  {
    of: (body, database) => !abilities[database].holdFarMoments && /"instant":"(?!19[789]|20[012]|203[0-7])/.test(body),
    reason: "a TIMESTAMP of MariaDB lies between 1970 and 2038, which no keyword of JSON Schema says of a text",
  },
];

for (const [name, ddl] of Object.entries({ "the conformance tables": all, shapes })) {
  onEveryDatabase(ddl, ({ app, db, name: database }) => {
    test(`bodies for ${name}`, { timeout: 600_000 }, async () => {
      const api = await createApi(db().url);
      const { tree } = api;
      await api.close();
      const host = await app();
      const document = toOpenApi(tree);
      const schemas = schemasOf(document);
      const faults: string[] = [];
      const seen = { taken: 0, refused: 0, written: 0 };
      for (const resource of tree.resources.filter((one) => one.root && !one.readOnly)) {
        for (const target of await targetsOf(resource, document, host)) {
          for (let round = 0; round < ROUNDS; round++) {
            const random = randomOf(round);
            const fitting = sampleOf(document, schemas, random)(target.schema) as Body;
            const body = agreed(
              round % 2 === 0 ? fitting : mutated(fitting, resource, random),
              resource,
              target.method,
              tree,
            );
            const fault = await compare(body, target, schemas, host, database, seen);
            if (fault !== undefined) faults.push(fault);
          }
        }
      }
      expect(faults.slice(0, 20)).toEqual([]);
      // Each happens often, or nothing would have been shown.
      expect(Math.min(seen.taken, seen.refused, seen.written)).toBeGreaterThan(100);
    });
  });
}

interface Target {
  readonly method: "POST" | "PUT" | "PATCH";
  readonly path: string;
  readonly schema: object;
}

async function targetsOf(resource: Resource, document: object, { ask }: App): Promise<Target[]> {
  const collection = `/${encodeURIComponent(resource.name)}`;
  // biome-ignore lint/suspicious/noExplicitAny: the document's operations
  const { paths, components } = document as any;
  const schemaOf = (place: string, method: string) => {
    const ref: string | undefined = paths[place]?.[method]?.requestBody.$ref;
    return ref && components.requestBodies[ref.split("/").at(-1) ?? ""].content["application/json"].schema;
  };
  const create: Target = { method: "POST", path: collection, schema: schemaOf(collection, "post").anyOf[0] };
  const [row] = (await ask(`GET ${collection}?limit=1`)).json;
  if (row === undefined || resource.primaryKey.length === 0) return [create];
  const key = resource.columns.filter(({ name }) => resource.primaryKey.includes(name));
  const path = `${collection}/${key.map((column) => encodeURIComponent(String(row[fieldOf(column)]))).join(",")}`;
  const one = `${collection}/{id}`;
  return [
    create,
    { method: "PUT", path, schema: schemaOf(one, "put") },
    { method: "PATCH", path, schema: schemaOf(one, "patch") },
  ];
}

/** One field more, one less, or another value. */
function mutated(body: Body, { columns }: Resource, random: Random): Body {
  const fields = [...columns.map(fieldOf), "nothing_of_the_kind"];
  const field = fields[random.below(fields.length)] as string;
  const { [field]: _, ...rest } = body;
  return random.below(4) === 0 ? rest : { ...rest, [field]: pool[random.below(pool.length)] };
}

/** What the address says, and what a related row says, is not said otherwise: schemas do not compare fields. */
function agreed(body: Body, resource: Resource, method: Target["method"], tree: RouteTree): Body {
  const fieldsOf = ({ columns }: Resource, names: readonly string[]) =>
    columns.filter(({ name }) => names.includes(name)).map(fieldOf);
  const without = (from: Body, names: readonly string[]): Body =>
    Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)));
  let own = method === "PUT" ? without(body, fieldsOf(resource, resource.primaryKey)) : body;
  for (const { name, join, table } of resource.relations) {
    const value = own[name];
    if (typeof value !== "object" || join.via === "link") continue;
    const isKey = method === "PUT" && join.columns.some((column) => resource.primaryKey.includes(column));
    if (join.via === "parent") own = without(own, isKey ? [name] : fieldsOf(resource, join.columns));
    else {
      const target = tree.resources.find((one) => one.table === table) as Resource;
      const clean = (item: unknown) =>
        typeof item === "object" && item !== null ? without(item as Body, fieldsOf(target, join.columns)) : item;
      own = { ...own, [name]: Array.isArray(value) ? value.map(clean) : clean(value) };
    }
  }
  return own;
}

async function compare(
  body: Body,
  { method, path, schema }: Target,
  schemas: Schemas,
  { ask }: App,
  database: DatabaseName,
  seen: { taken: number; refused: number; written: number },
): Promise<string | undefined> {
  const text = JSON.stringify(body);
  const fault = schemas.faults(schema, JSON.parse(text));
  const { status, json } = await ask(`${method} ${path}`, { body: text, headers: { prefer: "tx=rollback" } });
  const said = `${method} ${path} ${text}: ${status} ${json?.code ?? ""} ${json?.detail ?? ""}`;
  if (fault !== undefined) {
    seen.refused++;
    return status >= 400 && status < 500 ? undefined : `${said} though ${fault}`;
  }
  seen.taken++;
  if (status < 300) seen.written++;
  const refused = status === 400 || status >= 500 || (status === 422 && formal.has(json.code));
  return refused && !exceptions.some(({ of }) => of(text, database, json.detail)) ? said : undefined;
}
