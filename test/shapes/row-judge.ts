// What GET shows, every write and every filter takes.
import { parse, stringify } from "lossless-json";
import { expect } from "vitest";
import { walk } from "../support/links.js";
import { type Row, RowAsker } from "./row-asker.js";

export class RowJudge extends RowAsker {
  async judge(): Promise<void> {
    const rows = await this.list("?limit=1000");
    const before = await this.held();
    expect(rows.length).toBe(before.length);
    for (const row of rows) await this.#found(row);
    await this.#pages(rows);
    for (const row of rows) await this.#written(row, before);
    await this.#csv(before);
    await this.#deleted(rows);
  }

  /** By its address and by each of its values. */
  async #found(row: Row): Promise<void> {
    const address = this.address(row);
    if (address !== undefined) expect(parse((await this.ask(200, `GET ${address}`)).text), address).toEqual(row);
    for (const [column, value] of Object.entries(row)) {
      const query = `?${this.filter(column, value)}`;
      expect(await this.list(query), query).toContainEqual(row);
    }
  }

  async #pages(rows: readonly Row[]): Promise<void> {
    for (const order of ["", ...this.columns.flatMap((c) => [`order-by=${c}:asc&`, `order-by=${c}:desc&`])])
      for (const size of [1, 2]) {
        const from = `${this.path}?${order}limit=${size}`;
        const pages = await walk(
          (at) => this.ask(200, `GET ${at.replace(/^\/api/, "")}`),
          from,
          "next",
          2 * rows.length + 2,
        );
        const seen = pages.flatMap(({ text }) => parse(text) as Row[]);
        expect(seen, from).toEqual(await this.list(`?${order}limit=1000`));
      }
  }

  /** Sent back as it was shown, in each way there is. */
  async #written(row: Row, before: readonly string[]): Promise<void> {
    const address = this.address(row);
    if (address === undefined) return;
    const body = stringify(row) as string;
    const key = this.schema.primaryKey;
    const rest = Object.fromEntries(Object.entries(row).filter(([column]) => !key.includes(column)));
    const filter = key.map((column) => this.filter(column, row[column])).join("&");
    for (const [line, said] of [
      [`PUT ${address}`, body],
      [`PATCH ${address}`, stringify(rest) as string],
      [`PATCH ${address}`, body],
      [`PATCH ${this.path}?${filter}`, "{}"],
    ] as const) {
      const shown = [parse((await this.ask(200, line, { body: said })).text)].flat();
      expect(shown, `${line} ${said}`).toContainEqual(row);
      expect(await this.held(), `${line} ${said}`).toEqual(before);
    }
    const fits = this.fits(row);
    // In bodies a text among bytes is base64.
    if (key.some((column) => this.isBytes(column))) return;
    for (const [line, said] of [
      [`POST ${this.path}?on-conflict=merge`, body],
      [`POST ${this.path}?on-conflict=merge`, `[${body}]`],
      [`POST ${this.path}?on-conflict=ignore`, body],
      [`PATCH ${this.path}`, `[${body}]`],
      // Several rows are changed by values that any of them could have.
      ...(fits ? ([[`PATCH ${this.path}?${filter}`, stringify(rest) as string]] as const) : []),
    ] as const) {
      const answer = await this.ask(200, line, { body: said });
      expect([parse(answer.text)].flat(), `${line} ${said}`).toContainEqual(row);
      expect(await this.held(), `${line} ${said}`).toEqual(before);
    }
  }

  async #csv(before: readonly string[]): Promise<void> {
    if (this.schema.primaryKey.some((column) => this.isBytes(column))) return;
    const key = this.schema.primaryKey.map((column) => `${column}=is:notnull`).join("&");
    // A cell does not tell a text from a number, nor NULL from what is left out.
    const shown = await this.list(`?${key}&limit=1000`);
    if (shown.length === 0 || !shown.every((row) => this.fits(row))) return;
    const { text } = await this.ask(200, `GET ${this.path}?${key}&limit=1000`, { headers: { accept: "text/csv" } });
    const headers = { "content-type": "text/csv" };
    await this.ask(200, `POST ${this.path}?on-conflict=merge`, { body: text, headers });
    expect(await this.held(), text).toEqual(before);
  }

  async #deleted(rows: readonly Row[]): Promise<void> {
    for (const row of rows) {
      const address = this.address(row);
      if (address === undefined) continue;
      const { length } = await this.held();
      await this.ask(204, `DELETE ${address}`);
      expect((await this.held()).length, `DELETE ${address}`).toBe(length - 1);
    }
  }
}
