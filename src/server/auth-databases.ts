// The databases that `auth.db` names: each is opened once for all APIs that keep their accounts in it. I/O: waits for them.

import type { Knex } from "knex";
import type { ApiOptions } from "../api/options.js";
import { AUTH_DB, authDbOf, openAuthDatabase } from "../auth/auth-database.js";
import { ConfigError } from "../base/config-error.js";
import { type Patience, whenThere } from "../database/awaiting.js";
import { openDatabase } from "../database/database.js";
import { DatabaseFailure } from "../database/database-failure.js";
import type { GivenDb } from "../database/open-knex.js";
import type { OpenDatabase } from "../database/session.js";
import { databaseNameIn } from "./database-names.js";
import { redact } from "./redact.js";

/** An API's options, and what `auth.db` names, open. */
export interface PlacedAuth {
  readonly options: ApiOptions;
  readonly authDatabase?: OpenDatabase;
}

interface Around {
  /** Each API's options, by the names of the databases; the only one has none. */
  readonly all: Readonly<Record<string, ApiOptions>>;
  /** How those are opened that are not among them. */
  readonly options: ApiOptions;
  /** The connections of one of them, once it is open. */
  knexOf(name: string): Promise<Knex>;
  readonly patience: Patience;
}

export class AuthDatabases {
  readonly #opened = new Map<GivenDb, Promise<OpenDatabase>>();

  constructor(private readonly around: Around) {}

  /** Throws a `ConfigError` for a name that there is not, `DatabaseFailure` where it cannot be reached. */
  async place(name: string | undefined, options: ApiOptions): Promise<PlacedAuth> {
    const db = authDbOf(options.auth);
    if (db === undefined) return { options };
    const other = databaseNameIn(db, Object.keys(this.around.all), `options.${AUTH_DB}`);
    if (other !== undefined && other === name) return { options: withoutDb(options) };
    if (other !== undefined) this.#refuseChain(other);
    return { options, authDatabase: await this.#open(db, other) };
  }

  /** What names those that are open, without passwords: connection strings, and names of databases. */
  get names(): readonly string[] {
    return [...this.#opened.keys()].flatMap((db) => (typeof db === "string" ? redact(db) : []));
  }

  async close(): Promise<void> {
    const all = await Promise.allSettled(this.#opened.values());
    await Promise.all(all.map((one) => (one.status === "fulfilled" ? one.value.close() : undefined)));
  }

  #open(db: GivenDb, name: string | undefined): Promise<OpenDatabase> {
    const known = this.#opened.get(db);
    if (known !== undefined) return known;
    const opening = name === undefined ? this.#reach(db) : this.around.knexOf(name).then((knex) => openDatabase(knex));
    this.#opened.set(db, opening);
    return opening;
  }

  async #reach(db: GivenDb): Promise<OpenDatabase> {
    const { options, patience } = this.around;
    const database = openAuthDatabase(db, options);
    const tell = (why: string) => patience.tell(`${AUTH_DB}: ${why}`);
    try {
      await whenThere(db, () => database.run("SELECT 1", []), { ...patience, tell });
      return database;
    } catch (error) {
      await database.close();
      throw new DatabaseFailure(AUTH_DB, db, error);
    }
  }

  /** One that keeps the accounts of others keeps its own. */
  #refuseChain(name: string): void {
    const db = authDbOf(this.around.all[name]?.auth);
    if (db === undefined || db === name) return;
    throw new ConfigError(
      `options.${AUTH_DB}`,
      `is ${name}, and the accounts of ${name} are kept elsewhere. Name that place for both.`,
    );
  }
}

const withoutDb = ({ auth, ...options }: ApiOptions): ApiOptions => {
  const { db: _, ...methods } = auth ?? {};
  return { ...options, auth: methods };
};
