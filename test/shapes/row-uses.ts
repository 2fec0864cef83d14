// Further uses of rows of random columns: lists of values, totals, orders of several columns, entity tags, patches, NDJSON, batches, and
// children that refer to a random key.
import { isLosslessNumber, parse, stringify } from "lossless-json";
import { expect } from "vitest";
import { walk } from "../support/links.js";
import { enc, type Row, RowAsker } from "./row-asker.js";

const NDJSON = "application/x-ndjson";

/** A value of a list. Only quotes and backslashes are written otherwise: JSON's `\\n` would be an n. */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;

export class RowUses extends RowAsker {
  async judge(): Promise<void> {
    const rows = await this.list("?limit=1000");
    const before = await this.held();
    for (const column of this.columns) {
      await this.#among(column, rows);
      await this.#totals(column, rows);
    }
    await this.#sorted(rows);
    for (const row of rows) {
      const address = this.address(row);
      if (address === undefined) continue;
      await this.#tagged(address, row);
      await this.#patched(address, row);
      await this.#batched(address, row);
    }
    await this.#lines(rows);
    await this.#children(rows);
    expect(await this.held()).toEqual(before);
  }

  /** `in:` all that is shown, and what is distinct from one of it. */
  async #among(column: string, rows: readonly Row[]): Promise<void> {
    const there = rows.filter((row) => row[column] !== null);
    const texts = there.map((row) => this.text(column, row[column]));
    if (texts.length === 0) return;
    const query = `?${column}=in:${enc(texts.map(quoted).join(","))}&limit=1000`;
    const found = await this.list(query);
    for (const row of there) expect(found, query).toContainEqual(row);
    const [first = ""] = texts;
    const [same, others] = [
      await this.list(`?${column}=eq:${enc(first)}&limit=1000`),
      await this.list(`?${column}=isdistinct:${enc(first)}&limit=1000`),
    ];
    expect(same.length + others.length, `${column} is and is not ${first}`).toBe(rows.length);
    for (const row of others) expect(same, `${column} ${first}`).not.toContainEqual(row);
  }

  async #totals(column: string, rows: readonly Row[]): Promise<void> {
    const line = `GET ${this.path}?select=${column},rows:count()&limit=1000`;
    const answer = await this.place.app.ask(line);
    // json, xml and points have no equality there.
    if (answer.status === 400) return;
    expect(answer.status, `${line} ${answer.text}`).toBe(200);
    const groups = parse(answer.text) as Row[];
    expect(
      groups.reduce((sum, { rows: count }) => sum + Number(count), 0),
      answer.text,
    ).toBe(rows.length);
    for (const group of groups) {
      const query = `?${this.filter(column, group[column])}&limit=1000`;
      expect((await this.list(query)).length, `${line} ${query}`).toBeGreaterThanOrEqual(Number(group.rows));
    }
    for (const of of ["min", "max", "count"]) {
      const total = await this.place.app.ask(`GET ${this.path}?select=${column}.${of}()`);
      expect([200, 400], `${of} ${total.text}`).toContain(total.status);
    }
  }

  async #sorted(rows: readonly Row[]): Promise<void> {
    const [first, second] = this.columns.slice(-2) as [string, string];
    for (const order of [`${first}:asc:nullslast,${second}:desc:nullsfirst`, `${second}:desc:nullslast,${first}:asc`]) {
      const from = `${this.path}?order-by=${order}&limit=2`;
      const next = (at: string) => this.ask(200, `GET ${at.replace(/^\/api/, "")}`);
      const pages = await walk(next, from, "next", rows.length + 2);
      const seen = pages.flatMap(({ text }) => parse(text) as Row[]);
      expect(seen, from).toEqual(await this.list(`?order-by=${order}&limit=1000`));
      expect(seen.length, from).toBe(rows.length);
    }
  }

  async #tagged(address: string, row: Row): Promise<void> {
    const { headers } = await this.ask(200, `GET ${address}`);
    const tag = String(headers.etag);
    const body = stringify(row) as string;
    const put = await this.ask(200, `PUT ${address}`, { body, headers: { "if-match": tag } });
    expect(put.headers.etag, `PUT ${address} ${body}`).toBe(tag);
    await this.ask(412, `PUT ${address}`, { body, headers: { "if-match": '"another"' } });
    expect((await this.place.app.ask(`GET ${address}`, { headers: { "if-none-match": tag } })).status).toBe(304);
  }

  async #patched(address: string, row: Row): Promise<void> {
    const steps = Object.entries(row).flatMap(([column, value]) => [
      { op: "test", path: `/${column}`, value },
      ...(this.schema.primaryKey.includes(column) ? [] : [{ op: "replace", path: `/${column}`, value }]),
    ]);
    const headers = { "content-type": "application/json-patch+json" };
    const patched = await this.ask(200, `PATCH ${address}`, { body: stringify(steps) as string, headers });
    expect(parse(patched.text), address).toEqual(row);
  }

  /** A whole text `$0.c` is what the first answer shows there. */
  async #batched(address: string, row: Row): Promise<void> {
    const rest = Object.keys(row).filter((column) => !this.schema.primaryKey.includes(column));
    const body = Object.fromEntries(rest.map((column) => [column, `$0.${column}`]));
    const entries = [
      { method: "GET", path: address },
      { method: "PATCH", path: address, body },
    ];
    const { text } = await this.ask(200, "POST /batch", { body: JSON.stringify(entries) });
    const [read, changed] = parse(text) as { body: Row }[];
    expect(read?.body, text).toEqual(row);
    expect(changed?.body, text).toEqual(row);
  }

  async #lines(rows: readonly Row[]): Promise<void> {
    const { text } = await this.ask(200, `GET ${this.path}?limit=1000`, { headers: { accept: NDJSON } });
    const lines = text.split("\n").filter((line) => line !== "");
    expect(lines.map((line) => parse(line))).toEqual(rows);
    const key = this.schema.primaryKey;
    if (key.some((column) => this.isBytes(column))) return;
    const keyed = lines.filter((line) => this.address(parse(line) as Row) !== undefined);
    if (keyed.length === 0) return;
    const headers = { "content-type": NDJSON };
    await this.ask(200, `POST ${this.path}?on-conflict=merge`, { body: keyed.join("\n"), headers });
    await this.ask(200, `PATCH ${this.path}`, { body: keyed.join("\n"), headers });
  }

  async #children(rows: readonly Row[]): Promise<void> {
    const { child } = this.place.table;
    const { app } = this.place;
    const column = this.schema.primaryKey[0] as string;
    if (!app.api.schema.tables.some(({ name }) => name === child.name)) return;
    const all = parse((await this.ask(200, `GET /${child.name}?select=*,${this.place.table.name}(*)`)).text) as Row[];
    for (const kid of all) {
      const parent = kid[this.place.table.name] as Row;
      expect(rows, stringify(kid)).toContainEqual(parent);
      const up = await this.ask(200, `GET /${child.name}/${idOf(kid)}/${this.place.table.name}`);
      expect(parse(up.text)).toEqual(parent);
      const address = this.address(parent);
      if (address === undefined) continue;
      const { [this.place.table.name]: _, ...own } = kid;
      const below = parse((await this.ask(200, `GET ${address}/${child.name}`)).text);
      expect(below, address).toContainEqual(own);
      const filtered = `?${this.place.table.name}.${this.filter(column, parent[column])}`;
      expect(parse((await this.ask(200, `GET /${child.name}${filtered}`)).text), filtered).toContainEqual(own);
      const embedded = await this.list(`?${this.filter(column, parent[column])}&select=*,${child.name}(*)`);
      expect(embedded, address).toContainEqual({ ...parent, [child.name]: below });
      const made = await this.ask(201, `POST ${address}/${child.name}`, { body: '{"id":1000}' });
      expect(parse(made.text), address).toMatchObject({ [child.column]: own[child.column] });
      expect(made.headers.location).toBe(`/api${address}/${child.name}/1000`);
      await this.ask(200, `GET ${address}/${child.name}/1000`);
      await this.ask(200, `PUT ${address}/${child.name}/1000`, { body: made.text });
      await this.ask(204, `DELETE ${address}/${child.name}/1000`);
    }
  }
}

const idOf = ({ id }: Row): string => (isLosslessNumber(id) ? id.toString() : String(id));
