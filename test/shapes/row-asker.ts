// A table of random rows, asked over HTTP and in the database itself.
import { isLosslessNumber, parse, stringify } from "lossless-json";
import { expect } from "vitest";
import { toSegment } from "../../src/plan/row-segment.js";
import { fromBody } from "../../src/plan/value.js";
import type { Column, Table } from "../../src/schema/schema.js";
import type { App } from "../support/apps.js";
import type { Created, DatabaseName } from "../support/databases.js";
import type { Answer, RequestParts } from "../support/http.js";
import type { AnyTable } from "./any-rows.js";

export type Row = Readonly<Record<string, unknown>>;

export interface RowsPlace {
  readonly app: App;
  readonly created: Created;
  readonly name: DatabaseName;
  readonly table: AnyTable;
}

/** What is stored, to the bit. */
const stored: Readonly<Record<DatabaseName, (column: string) => string>> = {
  sqlite: (c) => `typeof(${c}) || ' ' || quote(${c})`,
  postgres: (c) => `${c}::text`,
  mariadb: (c) => `HEX(${c})`,
};

export class RowAsker {
  readonly path: string;
  readonly schema: Table;

  constructor(readonly place: RowsPlace) {
    const { app, table } = place;
    this.path = `/${table.name}`;
    this.schema = app.api.schema.tables.find((one) => one.name === table.name) as Table;
  }

  get columns(): string[] {
    return [...this.place.table.columns.keys()];
  }

  async ask(status: number, line: string, parts?: RequestParts): Promise<Answer> {
    const answer = await this.place.app.ask(line, parts);
    expect(answer.status, `${line} ${parts?.body ?? ""}\n${answer.text}`).toBe(status);
    return answer;
  }

  async list(query: string): Promise<Row[]> {
    return parse((await this.ask(200, `GET ${this.path}${query}`)).text) as Row[];
  }

  /** Its rows, in no order. */
  async held(): Promise<string[]> {
    const { created, name, table } = this.place;
    const types = this.columns.map((column) => created.knex.raw(`${stored[name](column)} AS ${column}`));
    const rows = (await created.knex(table.name).select(types)) as unknown[];
    return rows.map((row) => JSON.stringify(row)).sort();
  }

  address(row: Row): string | undefined {
    const { primaryKey } = this.schema;
    const segment = toSegment(
      primaryKey.map((column) => row[column]),
      primaryKey.map((column) => this.columnOf(column).type),
    );
    return segment === undefined ? undefined : `${this.path}/${segment}`;
  }

  columnOf(column: string): Column {
    return this.schema.columns.find(({ name }) => name === column) as Column;
  }

  /** What finds the rows that show this. */
  filter(column: string, value: unknown): string {
    const { kind } = this.columnOf(column).type;
    // JSON has a null of its own, which is no NULL.
    if (value === null && kind === "json") return `or=(${column}=is:null,${column}=eq:null)`;
    return value === null ? `${column}=is:null` : `${column}=eq:${enc(this.text(column, value))}`;
  }

  /** What is JSON in itself is that in a filter. */
  text(column: string, value: unknown): string {
    const isJson = this.columnOf(column).type.kind === "json";
    return isJson && typeof value === "string" && isJsonText(value) ? JSON.stringify(value) : asText(value);
  }

  /** Could a client write all of it into a new row? */
  fits(row: Row): boolean {
    return this.schema.columns.every(({ name, type, nullable }) => {
      const value = row[name];
      return value === null ? nullable : fromBody(value, { ...type, ...(type.heldOnly && { also: undefined }) }).ok;
    });
  }

  /** Is it a text among bytes, which is base64 in bodies? */
  isBytes(column: string): boolean {
    const { type } = this.columnOf(column);
    return type.loose === true && type.kind === "binary";
  }
}

export const enc = encodeURIComponent;

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
