// Any schema and any rights: whatever is offered is done, or refused for a reason that is not a right, and nothing is a 5xx.
// SAPWOOD_CATALOGUE_SEEDS says how many schemas, SAPWOOD_CATALOGUE_FROM which is the first.
import { expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import type { Resource } from "../../src/routes/tree.js";
import type { Column } from "../../src/schema/schema.js";
import { type App, anyFramework } from "../support/apps.js";
import { databases, mysql } from "../support/databases.js";
import { limitedUser } from "../support/limited-user.js";
import { anySchema, type Random, random } from "./any-schema.js";

const seeds = Number(process.env.SAPWOOD_CATALOGUE_SEEDS ?? 3);
const from = Number(process.env.SAPWOOD_CATALOGUE_FROM ?? 1);

for (const database of [...databases, mysql])
  for (let seed = from; seed < from + seeds; seed++)
    test.skipIf(database.skip)(`${database.name}, schema ${seed}`, async () => {
      const schema = anySchema(database.name, seed);
      const created = await database.create();
      // Some of what is random cannot be made.
      for (const statement of schema.ddl) await created.knex.raw(statement).catch(() => undefined);
      for (const table of schema.tables)
        for (const id of [1, 2, 3])
          await created
            .knex(table)
            .insert({ id })
            .catch(() => undefined);
      const granted: string[] = [];
      const user = database.can.haveUsers ? await limitedUser(database, created) : undefined;
      try {
        for (const grant of schema.grants)
          await user?.grant(grant).then(
            () => granted.push(grant),
            () => undefined,
          );
        const app = await anyFramework.start(user?.url ?? created.url, { onConnect: schema.onConnect });
        try {
          await askAll(app, random(seed), async (table) => Number((await created.knex(table).count("* as n"))[0]?.n));
        } catch (error) {
          throw new Error(`${[...schema.ddl, ...granted, ...schema.onConnect].join(";\n")}\n${error}`, {
            cause: error,
          });
        } finally {
          await app.close();
        }
      } finally {
        await user?.drop();
        await created.drop();
      }
    });

async function askAll(app: App, r: Random, count: (table: string) => Promise<number>): Promise<void> {
  const ask = async (line: string, body?: unknown) => {
    const { status, text, json } = await app.ask(line, { body });
    const said = `${line} ${JSON.stringify(body) ?? ""} → ${status} ${text} ${app.errors.at(-1) ?? ""}`;
    expect(status, said).toBeLessThan(500);
    // SQLite's broken foreign keys refuse by name.
    if (json?.code === "write_refused") expect(json.detail, said).toContain("a foreign key leads to no key");
    return { status, json };
  };
  for (const { table, name, root, relations } of app.api.tree.resources) {
    if (!root) continue;
    const methods = methodsOf(app, name);
    const resource = app.api.tree.resources.find((one) => one.table === table) as Resource;
    const rows = (await ask(`GET /${name}?limit=5`)).json;
    expect(Array.isArray(rows), name).toBe(true);
    const id = resource.primaryKey.length === 1 ? rows[0]?.[resource.primaryKey[0] as string] : undefined;
    if (id !== undefined) await ask(`GET /${name}/${id}`);
    for (const relation of relations) {
      await ask(`GET /${name}?select=*,r:${relation.name}(*)&limit=3`);
      if (id !== undefined) await ask(`GET /${name}/${id}/${relation.name}`);
    }
    if (methods.includes("POST")) {
      const before = await count(table);
      const { status } = await ask(`POST /${name}`, bodyOf(resource, "insert", r));
      expect(await count(table), `POST /${name}`).toBe(before + (status === 201 ? 1 : 0));
      await ask(`POST /${name}?on-conflict=ignore`, bodyOf(resource, "insert", r));
    }
    if (id === undefined) continue;
    if (methods.includes("PATCH")) await ask(`PATCH /${name}/${id}`, bodyOf(resource, "update", r));
    if (methods.includes("PATCH")) await ask(`PATCH /${name}?id=${id}`, bodyOf(resource, "update", r));
    if (methods.includes("PATCH")) await ask(`PUT /${name}/${id}`, bodyOf(resource, "update", r));
    if (methods.includes("DELETE")) await ask(`DELETE /${name}?id=${id}`);
    for (const { name: link, join } of relations)
      if (join.via === "link") {
        const at = app.api.tree.root.literals[name]?.param?.node.literals[link]?.param?.node;
        if (at?.literals.add) await ask(`POST /${name}/2/${link}/2/add`);
        if (at?.literals.delete) await ask(`POST /${name}/2/${link}/2/delete`);
      }
  }
}

const methodsOf = ({ api }: App, name: string): string[] => Object.keys(api.tree.root.literals[name]?.routes ?? {});

function bodyOf({ columns }: Resource, writing: "insert" | "update", r: Random): Record<string, unknown> {
  const fields = columns.filter(
    ({ name, generated, identity, denied }) =>
      !generated && !denied?.includes(writing) && !(writing === "update" && name === "id") && !(identity && !denied),
  );
  return Object.fromEntries(fields.map((column) => [column.name, anyValue(column, r)]));
}

function anyValue({ name, type, nullable }: Column, r: Random): unknown {
  if (nullable && r.chance(0.3)) return null;
  if (name.endsWith("_id")) return type.kind === "integer" ? 1 : "1";
  switch (type.kind) {
    case "integer":
      return name === "id" ? 10 + r.below(1000) : r.below(100);
    case "decimal":
      return r.below(100) / 4;
    case "boolean":
      return r.chance(0.5);
    case "date":
      return "2024-02-29";
    case "json":
      return { a: r.below(9) };
    default:
      return `x${r.below(1000)}`;
  }
}

test("the schema is read the same twice", async () => {
  const [sqlite] = databases;
  const created = await (sqlite as (typeof databases)[number]).create();
  for (const statement of anySchema("sqlite", 1).ddl) await created.knex.raw(statement).catch(() => undefined);
  try {
    const api = await createApi(created.url);
    expect(await api.refresh()).toMatchObject({ changed: false });
    await api.close();
  } finally {
    await created.drop();
  }
});
