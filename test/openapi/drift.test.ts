// The document and the server say the same: for every operation and every answer that the document knows, requests are made from it,
// and what comes back is held against it: against the whole form, and against the light one. What it does not know is a fault, and so is an answer that nothing brings about.
import { expect, test } from "vitest";
import { createApi } from "../../src/api/create.js";
import type { ApiOptions } from "../../src/api/options.js";
import { type OpenApiDocument, toOpenApi } from "../../src/index.js";
import { ddl as badges } from "../fixtures/badges.js";
import { ddl as community } from "../fixtures/community.js";
import { ddl as places } from "../fixtures/places.js";
import { ddl as called, routines } from "../fixtures/routines.js";
import { ddl as shapes } from "../fixtures/shapes.js";
import { ddl as values } from "../fixtures/values.js";
import { frameworks } from "../support/apps.js";
import type { DatabaseName } from "../support/databases.js";
import { type Ddl, onEveryDatabase, onEveryServer } from "../support/matrix.js";
import { Inspector } from "./inspector.js";

const together = (name: DatabaseName) => [community, values, badges, places].map((ddl) => ddl[name]).join("\n");
const all = { sqlite: together("sqlite"), postgres: together("postgres"), mariadb: together("mariadb") };
const order: readonly DatabaseName[] = ["sqlite", "postgres", "mariadb"];

interface Subject {
  readonly ddl: Ddl;
  readonly options?: ApiOptions;
  /** What is more of the same is left to the databases that share most of their code. */
  readonly on?: typeof onEveryServer;
}

const subjects: Readonly<Record<string, Subject>> = {
  "the conformance tables": { ddl: all, on: onEveryServer },
  shapes: { ddl: shapes },
  routines: { ddl: called, options: { routines }, on: onEveryServer },
};

for (const [name, { ddl, options = {}, on = onEveryDatabase }] of Object.entries(subjects)) {
  on(ddl, (place) => {
    const framework = frameworks[order.indexOf(place.name)] as (typeof frameworks)[number];
    test(`${name} through ${framework.name}`, { timeout: 600_000 }, async () => {
      const { url } = place.db();
      const api = await createApi(url, options);
      await api.close();
      const app = await framework.start(url, options);
      const narrow = await framework.start(url, { ...options, bodyLimit: 1 });
      try {
        const [whole, light] = [true, false].map((whole) => toOpenApi(api.tree, { servers: [app.prefix], whole }));
        const inspector = new Inspector(whole as OpenApiDocument, light as OpenApiDocument, api.tree, app, narrow);
        await inspector.run();
        expect(inspector.faults).toEqual([]);
      } finally {
        await app.close();
        await narrow.close();
      }
    });
  });
}
