// What GET shows, every write and every filter takes: random rows of random columns. The same in every run; SAPWOOD_ROWS_SEED and
// SAPWOOD_ROWS_TABLES look for more.
import { isLosslessNumber, parse, stringify } from "lossless-json";
import { describe, expect, test } from "vitest";
import { toSegment } from "../../src/plan/row-segment.js";
import { fromBody } from "../../src/plan/value.js";
import type { Table } from "../../src/schema/schema.js";
import { chanceOf } from "../effects/random.js";
import { preludes } from "../fixtures/types.js";
import { type App, anyFramework } from "../support/apps.js";
import { type Created, type DatabaseName, ddlNameOf, everyDatabase } from "../support/databases.js";
import type { Answer, RequestParts } from "../support/http.js";
import { walk } from "../support/links.js";
import { type AnyTable, anyTable } from "./any-rows.js";

const { SAPWOOD_ROWS_SEED = "1", SAPWOOD_ROWS_TABLES = "4" } = process.env;
const seed = Number(SAPWOOD_ROWS_SEED);

type Row = Readonly<Record<string, unknown>>;

/** What is stored, to the bit. */
const stored: Readonly<Record<DatabaseName, (column: string) => string>> = {
  sqlite: (c) => `typeof(${c}) || ' ' || quote(${c})`,
  postgres: (c) => `${c}::text`,
  mariadb: (c) => `HEX(${c})`,
};

/** What a session needs to store what is odd. */
const session: Readonly<Record<DatabaseName, readonly string[]>> = {
  sqlite: [],
  postgres: [],
  mariadb: ["SET sql_mode = ''", "SET time_zone = '+00:00'"],
};

async function run({ knex }: Created, name: DatabaseName, sql: string): Promise<boolean> {
  const work = knex.transaction(async (trx) => {
    for (const statement of session[name]) await trx.raw(statement);
    // A `?` is no placeholder.
    await trx.raw(sql.replaceAll("?", "\\?"));
  });
  return work.then(
    () => true,
    () => false,
  );
}

/** Types of MariaDB that MySQL lacks. */
const lacking: Readonly<Record<string, readonly string[]>> = { mysql: ["uuid", "inet4", "inet6"] };

for (const database of everyDatabase)
  describe.skipIf(database.skip)(`${database.name}, seed ${seed}`, () => {
    const name = ddlNameOf(database.name);
    for (let i = 0; i < Number(SAPWOOD_ROWS_TABLES); i++)
      test(`table ${i}`, { timeout: 120_000 }, async () => {
        const chance = chanceOf(seed * 1_000_003 + i);
        const table = anyTable(name, i, chance, new Set(lacking[database.name]));
        const created = await database.create(preludes[name]);
        try {
          const isKeyed = await run(created, name, table.create);
          if (!isKeyed) expect(await run(created, name, table.plain), table.plain).toBe(true);
          const made = [isKeyed ? table.create : table.plain];
          for (const row of table.rows) if (await run(created, name, row)) made.push(row);
          const app = await anyFramework.start(created.url, { resourcePathPlural: false, depth: 1 });
          try {
            await new Judge(app, created, name, table).judge();
          } catch (error) {
            throw new Error(`${made.join(";\n")};\n\n${(error as Error).message}\n${app.errors.at(-1) ?? ""}`, {
              cause: error,
            });
          } finally {
            await app.close();
          }
        } finally {
          await created.drop();
        }
      });
  });

const enc = encodeURIComponent;

class Judge {
  readonly #path: string;
  readonly #schema: Table;

  constructor(
    private readonly app: App,
    private readonly created: Created,
    private readonly name: DatabaseName,
    private readonly table: AnyTable,
  ) {
    this.#path = `/${table.name}`;
    this.#schema = app.api.schema.tables.find((one) => one.name === table.name) as Table;
  }

  async judge(): Promise<void> {
    const rows = await this.#list("?limit=1000");
    const before = await this.#held();
    expect(rows.length).toBe(before.length);
    for (const row of rows) await this.#found(row);
    await this.#pages(rows);
    for (const row of rows) await this.#written(row, before);
    await this.#csv(before);
    await this.#deleted(rows);
  }

  async #ask(status: number, line: string, parts?: RequestParts): Promise<Answer> {
    const answer = await this.app.ask(line, parts);
    expect(answer.status, `${line} ${parts?.body ?? ""}\n${answer.text}`).toBe(status);
    return answer;
  }

  async #list(query: string): Promise<Row[]> {
    return parse((await this.#ask(200, `GET ${this.#path}${query}`)).text) as Row[];
  }

  /** Its rows, in no order. */
  async #held(): Promise<string[]> {
    const { knex } = this.created;
    const types = [...this.table.columns.keys()].map((column) => knex.raw(`${stored[this.name](column)} AS ${column}`));
    const rows = (await knex(this.table.name).select(types)) as unknown[];
    return rows.map((row) => JSON.stringify(row)).sort();
  }

  #address(row: Row): string | undefined {
    const { primaryKey, columns } = this.#schema;
    const segment = toSegment(
      primaryKey.map((column) => row[column]),
      primaryKey.map((column) => (columns.find(({ name }) => name === column) as Table["columns"][number]).type),
    );
    return segment === undefined ? undefined : `${this.#path}/${segment}`;
  }

  /** By its address and by each of its values. */
  async #found(row: Row): Promise<void> {
    const address = this.#address(row);
    if (address !== undefined) expect(parse((await this.#ask(200, `GET ${address}`)).text), address).toEqual(row);
    for (const [column, value] of Object.entries(row)) {
      const isJson = this.#schema.columns.some(({ name, type }) => name === column && type.kind === "json");
      // What is JSON in itself is that in a filter.
      const text = isJson && typeof value === "string" && isJsonText(value) ? JSON.stringify(value) : asText(value);
      // JSON has a null of its own, which is no NULL.
      const nothing = isJson ? `?or=(${column}=is:null,${column}=eq:null)` : `?${column}=is:null`;
      const query = value === null ? nothing : `?${column}=eq:${enc(text)}`;
      expect(await this.#list(query), query).toContainEqual(row);
    }
  }

  async #pages(rows: readonly Row[]): Promise<void> {
    for (const order of [
      "",
      ...[...this.table.columns.keys()].flatMap((c) => [`order-by=${c}:asc&`, `order-by=${c}:desc&`]),
    ])
      for (const size of [1, 2]) {
        const from = `${this.#path}?${order}limit=${size}`;
        const pages = await walk(
          (at) => this.#ask(200, `GET ${at.replace(/^\/api/, "")}`),
          from,
          "next",
          2 * rows.length + 2,
        );
        const seen = pages.flatMap(({ text }) => parse(text) as Row[]);
        expect(seen, from).toEqual(await this.#list(`?${order}limit=1000`));
      }
  }

  /** Sent back as it was shown, in each way there is. */
  async #written(row: Row, before: readonly string[]): Promise<void> {
    const address = this.#address(row);
    if (address === undefined) return;
    const body = stringify(row) as string;
    const key = this.#schema.primaryKey;
    const rest = Object.fromEntries(Object.entries(row).filter(([column]) => !key.includes(column)));
    const filter = key.map((column) => `${column}=eq:${enc(asText(row[column]))}`).join("&");
    for (const [line, said] of [
      [`PUT ${address}`, body],
      [`PATCH ${address}`, stringify(rest) as string],
      [`PATCH ${address}`, body],
      [`PATCH ${this.#path}?${filter}`, "{}"],
    ] as const) {
      const shown = [parse((await this.#ask(200, line, { body: said })).text)].flat();
      expect(shown, `${line} ${said}`).toContainEqual(row);
      expect(await this.#held(), `${line} ${said}`).toEqual(before);
    }
    const fits = this.#fits(row);
    // In bodies a text among bytes is base64.
    if (key.some((column) => this.#isBytes(column))) return;
    for (const [line, said] of [
      [`POST ${this.#path}?on-conflict=merge`, body],
      [`POST ${this.#path}?on-conflict=merge`, `[${body}]`],
      [`POST ${this.#path}?on-conflict=ignore`, body],
      [`PATCH ${this.#path}`, `[${body}]`],
      // Several rows are changed by values that any of them could have.
      ...(fits ? ([[`PATCH ${this.#path}?${filter}`, stringify(rest) as string]] as const) : []),
    ] as const) {
      const answer = await this.#ask(200, line, { body: said });
      expect([parse(answer.text)].flat(), `${line} ${said}`).toContainEqual(row);
      expect(await this.#held(), `${line} ${said}`).toEqual(before);
    }
  }

  /** Could a client write all of it into a new row? */
  #fits(row: Row): boolean {
    return this.#schema.columns.every(({ name, type, nullable }) => {
      const value = row[name];
      return value === null ? nullable : fromBody(value, { ...type, ...(type.heldOnly && { also: undefined }) }).ok;
    });
  }

  #isBytes(column: string): boolean {
    return this.#schema.columns.some(({ name, type }) => name === column && type.loose && type.kind === "binary");
  }

  async #csv(before: readonly string[]): Promise<void> {
    if (this.#schema.primaryKey.some((column) => this.#isBytes(column))) return;
    const key = this.#schema.primaryKey.map((column) => `${column}=is:notnull`).join("&");
    // A cell does not tell a text from a number, nor NULL from what is left out.
    const shown = await this.#list(`?${key}&limit=1000`);
    if (shown.length === 0 || !shown.every((row) => this.#fits(row))) return;
    const { text } = await this.#ask(200, `GET ${this.#path}?${key}&limit=1000`, { headers: { accept: "text/csv" } });
    const headers = { "content-type": "text/csv" };
    await this.#ask(200, `POST ${this.#path}?on-conflict=merge`, { body: text, headers });
    expect(await this.#held(), text).toEqual(before);
  }

  async #deleted(rows: readonly Row[]): Promise<void> {
    for (const row of rows) {
      const address = this.#address(row);
      if (address === undefined) continue;
      const { length } = await this.#held();
      await this.#ask(204, `DELETE ${address}`);
      expect((await this.#held()).length, `DELETE ${address}`).toBe(length - 1);
    }
  }
}

const asText = (value: unknown): string =>
  typeof value === "object" && !isLosslessNumber(value) ? (stringify(value) as string) : String(value);

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
