// Suites that run on every database, and through every framework on each: a database of its own for each describe block.
import { afterAll, beforeAll, describe } from "vitest";
import type { ApiOptions } from "../../src/api/options.js";
import type { Abilities } from "./abilities.js";
import { type App, anyFramework, type Framework, frameworks } from "./apps.js";
import { type Created, type DatabaseName, databases, ddlNameOf, everyDatabase } from "./databases.js";

export type Ddl = Readonly<Record<DatabaseName, string>>;

export interface Place {
  /** Whose DDL and whose answers: MySQL itself has those of MariaDB. */
  readonly name: DatabaseName;
  readonly can: Abilities;
  /** The database, open on connections of the test's own. */
  db(): Created;
  /** An app on it; it ends with the block. */
  app(options?: ApiOptions, db?: Parameters<Framework["start"]>[0]): Promise<App>;
}

/** `suite` is called while the tests are collected: what it is given works inside tests and hooks. */
export function onEveryDatabase(ddl: Ddl, suite: (place: Place) => void, only?: readonly DatabaseName[]): void {
  on(databases, ddl, suite, only);
}

/** The same on MySQL itself, too: for what depends on the statements' own words, and not only on what is done with their rows. */
export function onEveryServer(ddl: Ddl, suite: (place: Place) => void, only?: readonly DatabaseName[]): void {
  on(everyDatabase, ddl, suite, only);
}

function on(some: typeof everyDatabase, ddl: Ddl, suite: (place: Place) => void, only?: readonly DatabaseName[]): void {
  for (const database of some) {
    const name = ddlNameOf(database.name);
    if (only !== undefined && !only.includes(name)) continue;
    describe.skipIf(database.skip)(database.name, () => {
      let created: Created;
      const apps: App[] = [];
      beforeAll(async () => {
        created = await database.create(ddl[name]);
      });
      afterAll(async () => {
        await Promise.all(apps.map((app) => app.close()));
        await created?.drop();
      });
      suite(placeOf({ name, can: database.can }, anyFramework, () => created, apps));
    });
  }
}

/** The same through each framework. */
export function onEveryHost(ddl: Ddl, suite: (place: Place, framework: Framework) => void): void {
  for (const framework of frameworks) {
    describe(`through ${framework.name}`, () => {
      onEveryDatabase(ddl, (place) => {
        const apps: App[] = [];
        afterAll(() => Promise.all(apps.map((app) => app.close())));
        suite(placeOf(place, framework, place.db, apps), framework);
      });
    });
  }
}

function placeOf(
  { name, can }: Pick<Place, "name" | "can">,
  framework: Framework,
  db: () => Created,
  apps: App[],
): Place {
  return {
    name,
    can,
    db,
    app: async (options, given) => {
      const app = await framework.start(given ?? db().url, options);
      apps.push(app);
      return app;
    },
  };
}
