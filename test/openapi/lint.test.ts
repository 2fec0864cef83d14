// The document of each fixture on each database: Redocly's recommended rules find nothing in it, and TypeScript types are made of it.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import { type OpenApiDocument, toOpenApi } from "../../src/index.js";
import { serve } from "../../src/server/serve.js";
import { provider } from "../auth/provider.js";
import { signer } from "../auth/tokens.js";
import { ddl as badges } from "../fixtures/badges.js";
import { ddl as community } from "../fixtures/community.js";
import { ddl as legacy } from "../fixtures/legacy.js";
import { ddl as places } from "../fixtures/places.js";
import { ddl as shapes } from "../fixtures/shapes.js";
import { ddl as types } from "../fixtures/types.js";
import { ddl as values } from "../fixtures/values.js";
import { databases } from "../support/databases.js";

const redocly = fileURLToPath(new URL("../../node_modules/.bin/redocly", import.meta.url));
const run = promisify(execFile);
const fixtures = { community, values, badges, places, shapes, types, legacy };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sapwood-openapi-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** What the recommended rules have to say, warnings too. */
async function problemsOf(name: string, document: object): Promise<unknown[]> {
  const file = join(folder, `${name}.json`);
  await writeFile(file, JSON.stringify(document));
  const args = ["lint", file, "--extends", "recommended", "--format", "json"];
  const ended = await run(redocly, args, {
    cwd: folder,
    env: { ...process.env, REDOCLY_TELEMETRY: "off" },
    maxBuffer: 1e8,
  }).catch((error: { stdout: string }) => error);
  return (JSON.parse(ended.stdout) as { problems: unknown[] }).problems;
}

for (const database of databases) {
  describe.skipIf(database.skip)(database.name, () => {
    for (const [name, ddl] of Object.entries(fixtures)) {
      test(`${name}: Redocly's recommended rules`, async () => {
        const created = await database.create(ddl[database.name]);
        const api = await createApi(created.url);
        try {
          const license = { name: "MIT", identifier: "MIT" };
          expect(
            await problemsOf(`${database.name}-${name}`, toOpenApi(api.tree, { license, servers: ["/api"] })),
          ).toEqual([]);
        } finally {
          await api.close();
          await created.drop();
        }
      });
    }
  });
}

test("with every way to sign in", async () => {
  const ours = await signer("ES256");
  const login = await provider(ours);
  const auth = { jwt: { key: ours.pem }, oidc: { issuer: login.base, audience: "shop" } };
  const api = await createApi("sqlite::memory:", {
    auth,
    roles: { anonymous: { "*": "read" } },
    tables: [{ name: "a", columns: [{ name: "id" }], primaryKey: "id" }],
  });
  const document = api.openApi({ license: { name: "MIT", identifier: "MIT" }, servers: ["/api"] });
  expect(Object.keys(document.components.securitySchemes ?? {})).toEqual(["bearer", "oidc"]);
  expect(await problemsOf("sign-in", document)).toEqual([]);
  await api.close();
  await login.close();
});

for (const database of databases)
  test.skipIf(database.skip)(`${database.name}: with the routes that make tables`, async () => {
    const created = await database.create(places[database.name]);
    const server = await serve(created.url, { port: 0, schemaRoutes: true });
    const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as OpenApiDocument;
    expect(document.paths).toHaveProperty(["/schema/tables"]);
    const license = { name: "MIT", identifier: "MIT" };
    const shown = { ...document, info: { ...document.info, license }, servers: [{ url: "/api" }] };
    expect(await problemsOf(`${database.name}-made`, shown)).toEqual([]);
    await server.close();
    await created.drop();
  });

test("a broken document is found out", async () => {
  const broken = {
    ...toOpenApi({ resources: [], root: { pattern: "", literals: {}, routes: {} }, renamings: [] }),
    servers: [],
  };
  expect(await problemsOf("broken", broken)).not.toEqual([]);
});
